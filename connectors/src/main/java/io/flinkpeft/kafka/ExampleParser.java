package io.flinkpeft.kafka;

import static io.flinkpeft.json.UnusableRecordException.shown;

import com.fasterxml.jackson.core.JsonFactory;
import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.RawRecord;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.json.ContentFields;
import io.flinkpeft.json.RecordField;
import io.flinkpeft.json.RecordFields;
import io.flinkpeft.json.UnusableRecordException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes an event of a Kafka record, or says why it cannot be one. */
final class ExampleParser {

    private static final byte[] NOTHING = new byte[0];

    private final String defaultAdapter;
    private final ExampleLimits limits;
    private final EventTimes times;
    private final JsonFactory json;

    /**
     * A parser.
     *
     * @param defaultAdapter for records that name none and have no key; null if there is none
     * @param ahead counts records whose time is too far ahead
     */
    ExampleParser(String defaultAdapter, ExampleLimits limits, Counter ahead) {
        this.defaultAdapter = defaultAdapter;
        this.limits = limits;
        this.times = new EventTimes(limits, ahead);
        this.json = RecordFields.factory(limits.recordBytes());
    }

    ParsedRecord parse(ConsumerRecord<byte[], byte[]> record) {
        RecordFields fields = fields(record.value());
        try {
            fields.check();
            return ParsedRecord.of(
                    fields.isTrue(RecordField.HEARTBEAT)
                            ? heartbeat(fields, record)
                            : event(adapter(fields, record.key()), fields, record));
        } catch (UnusableRecordException e) {
            return ParsedRecord.of(
                    new Rejected(
                            e.kind(),
                            e.getMessage(),
                            adapterIfAny(fields, record.key()),
                            record.key(),
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            record.timestamp(),
                            record.value() == null ? NOTHING : record.value()));
        }
    }

    private RecordFields fields(byte[] value) {
        if (value == null) {
            return RecordFields.none(Cause.EMPTY, "Record (null) must have a value.");
        }
        if (value.length > limits.recordBytes()) {
            return RecordFields.none(
                    Cause.SIZE,
                    "Record ("
                            + value.length
                            + " bytes) must have at most "
                            + limits.recordBytes()
                            + ".");
        }
        return RecordFields.read(json, value, RecordField.OF_EVENTS);
    }

    private String adapter(RecordFields fields, byte[] key) throws UnusableRecordException {
        String named = fields.text(RecordField.ADAPTER, Integer.MAX_VALUE);
        try {
            return AdapterIds.check(named != null ? named : fromKey(key));
        } catch (IllegalArgumentException e) {
            throw new UnusableRecordException(Cause.ADAPTER, e.getMessage());
        }
    }

    private String fromKey(byte[] key) throws UnusableRecordException {
        if (key != null && key.length > 0) {
            return RecordKey.text(key);
        }
        if (defaultAdapter == null) {
            throw new UnusableRecordException(
                    Cause.ADAPTER, "Field adapter (missing) must name one, or the record's key.");
        }
        return defaultAdapter;
    }

    /** Whose dead letter it is, as far as the record could be read; null if it names none. */
    private String adapterIfAny(RecordFields fields, byte[] key) {
        try {
            return fields.isTrue(RecordField.HEARTBEAT) ? null : adapter(fields, key);
        } catch (UnusableRecordException e) {
            return null;
        }
    }

    private Heartbeat heartbeat(RecordFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        return new Heartbeat(
                times.of(fields, record),
                record.topic(),
                record.partition(),
                record.offset(),
                raw(record));
    }

    private static RawRecord raw(ConsumerRecord<byte[], byte[]> record) {
        return new RawRecord(record.key(), record.value());
    }

    private TrainingEvent event(
            String adapter, RecordFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        if (fields.has(RecordField.CONTROL)) {
            return control(adapter, fields, record);
        }
        boolean aboutAnother =
                fields.has(RecordField.ID)
                        && !hasText(fields)
                        && (fields.has(RecordField.LABEL)
                                || fields.has(RecordField.ANSWER_START)
                                || fields.has(RecordField.LABELS)
                                || fields.isTrue(RecordField.RETRACTED));
        return aboutAnother ? feedback(adapter, fields, record) : example(adapter, fields, record);
    }

    private static boolean hasText(RecordFields fields) {
        return fields.has(RecordField.TEXT) || fields.has(RecordField.TOKENS);
    }

    private Feedback feedback(
            String adapter, RecordFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        String label = ContentFields.label(fields, limits.content());
        if (label != null) {
            refuseRetracted(fields, RecordField.LABEL);
        }
        return new Feedback(
                adapter,
                fields.name(RecordField.ID, limits.labelLength()),
                label,
                times.of(fields, record),
                record.topic(),
                record.partition(),
                record.offset(),
                raw(record));
    }

    private Example example(
            String adapter, RecordFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        ExampleContent content = ContentFields.content(fields, limits.content());
        refuseRetracted(fields, RecordField.TEXT);
        return new Example(
                adapter,
                fields.name(RecordField.ID, limits.labelLength()),
                content.text(),
                content.textPair(),
                content.label(),
                content.target(),
                times.of(fields, record),
                record.topic(),
                record.partition(),
                record.offset(),
                raw(record));
    }

    private static void refuseRetracted(RecordFields fields, RecordField other)
            throws UnusableRecordException {
        if (fields.isTrue(RecordField.RETRACTED)) {
            throw hasBoth(other, RecordField.RETRACTED);
        }
    }

    private static UnusableRecordException hasBoth(RecordField one, RecordField other) {
        return new UnusableRecordException(
                Cause.FIELD,
                "Record must have a field "
                        + one.key()
                        + " or a field "
                        + other.key()
                        + ", has both.");
    }

    private Control control(
            String adapter, RecordFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        if (hasText(fields)) {
            throw hasBoth(RecordField.TEXT, RecordField.CONTROL);
        }
        Control.Action action = action(fields.text(RecordField.CONTROL));
        fields.refuseOthers( // one that is misspelt would be ignored
                "control " + nameOf(action),
                action == Control.Action.SET ? RecordField.OF_SETTINGS : RecordField.OF_CONTROLS);
        return new Control(
                adapter,
                action,
                (Double) fields.value(RecordField.LEARNING_RATE),
                (Double) fields.value(RecordField.HEAD_LEARNING_RATE),
                fields.text(RecordField.METHOD),
                times.of(fields, record),
                record.topic(),
                record.partition(),
                record.offset(),
                raw(record));
    }

    private static Control.Action action(String name) throws UnusableRecordException {
        for (Control.Action action : Control.Action.values()) {
            if (nameOf(action).equals(name)) {
                return action;
            }
        }
        throw new UnusableRecordException(
                Cause.CONTROL,
                "Field control ("
                        + shown(name)
                        + ") must be one of "
                        + Arrays.stream(Control.Action.values())
                                .map(ExampleParser::nameOf)
                                .collect(Collectors.joining(", "))
                        + ".");
    }

    private static String nameOf(Control.Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }
}
