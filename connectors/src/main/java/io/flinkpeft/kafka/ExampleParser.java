package io.flinkpeft.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.kafka.JsonFields.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
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
        this.json = JsonFields.factory(limits.recordBytes());
    }

    ParsedRecord parse(ConsumerRecord<byte[], byte[]> record) {
        String adapter = null;
        try {
            JsonFields fields = fields(record.value());
            if (fields.isTrue(Field.HEARTBEAT)) {
                return ParsedRecord.of(heartbeat(fields, record));
            }
            adapter = adapter(fields, record.key());
            return ParsedRecord.of(event(adapter, fields, record));
        } catch (UnusableRecordException e) {
            return ParsedRecord.of(
                    new Rejected(
                            e.getMessage(),
                            adapter,
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            record.timestamp(),
                            record.value() == null ? NOTHING : record.value()));
        }
    }

    private JsonFields fields(byte[] value) throws UnusableRecordException {
        if (value == null) {
            throw new UnusableRecordException("Record (null) must have a value.");
        }
        if (value.length > limits.recordBytes()) {
            throw new UnusableRecordException(
                    "Record ("
                            + value.length
                            + " bytes) must have at most "
                            + limits.recordBytes()
                            + ".");
        }
        try {
            return JsonFields.read(json, value);
        } catch (JsonProcessingException e) {
            throw new UnusableRecordException("Record must be JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("An array in memory cannot fail.", e);
        }
    }

    private String adapter(JsonFields fields, byte[] key) throws UnusableRecordException {
        String named = fields.text(Field.ADAPTER);
        String adapter = named != null ? named : fromKey(key);
        try {
            return AdapterIds.check(wellFormed("adapter", adapter));
        } catch (IllegalArgumentException e) {
            throw new UnusableRecordException(e.getMessage());
        }
    }

    private String fromKey(byte[] key) throws UnusableRecordException {
        if (key != null && key.length > 0) {
            return new String(key, StandardCharsets.UTF_8);
        }
        if (defaultAdapter == null) {
            throw new UnusableRecordException(
                    "Field adapter (missing) must name one, or the record's key.");
        }
        return defaultAdapter;
    }

    private Heartbeat heartbeat(JsonFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        return new Heartbeat(
                times.of(fields, record), record.topic(), record.partition(), record.offset());
    }

    private TrainingEvent event(
            String adapter, JsonFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        if (fields.text(Field.CONTROL) != null) {
            return control(adapter, fields, record);
        }
        boolean aboutAnother =
                fields.text(Field.ID) != null
                        && fields.text(Field.TEXT) == null
                        && (fields.isTrue(Field.RETRACTED) || fields.text(Field.LABEL) != null);
        return aboutAnother ? feedback(adapter, fields, record) : example(adapter, fields, record);
    }

    private Feedback feedback(
            String adapter, JsonFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        String label = name(fields, Field.LABEL);
        if (label != null && fields.isTrue(Field.RETRACTED)) {
            throw new UnusableRecordException(
                    "Record must have a field label or a field retracted, has both.");
        }
        return new Feedback(
                adapter,
                name(fields, Field.ID),
                label,
                times.of(fields, record),
                record.topic(),
                record.partition(),
                record.offset());
    }

    private Example example(
            String adapter, JsonFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        String text = text(fields, Field.TEXT, limits.textLength());
        if (text == null) {
            throw new UnusableRecordException("Field text (missing) must be there.");
        }
        if (fields.isTrue(Field.RETRACTED)) {
            throw new UnusableRecordException(
                    "Record must have a field text or a field retracted, has both.");
        }
        return new Example(
                adapter,
                name(fields, Field.ID),
                text,
                text(fields, Field.TEXT_PAIR, limits.textLength()),
                name(fields, Field.LABEL),
                text(fields, Field.TARGET, limits.textLength()),
                times.of(fields, record),
                record.topic(),
                record.partition(),
                record.offset());
    }

    private Control control(
            String adapter, JsonFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        if (fields.text(Field.TEXT) != null) {
            throw new UnusableRecordException(
                    "Record must have a field text or a field control, has both.");
        }
        return new Control(
                adapter,
                action(fields.text(Field.CONTROL)),
                (Double) fields.value(Field.LEARNING_RATE),
                (Double) fields.value(Field.HEAD_LEARNING_RATE),
                fields.text(Field.METHOD),
                times.of(fields, record),
                record.topic(),
                record.partition(),
                record.offset());
    }

    private static Control.Action action(String name) throws UnusableRecordException {
        for (Control.Action action : Control.Action.values()) {
            if (action.name().toLowerCase(Locale.ROOT).equals(name)) {
                return action;
            }
        }
        throw new UnusableRecordException(
                "Field control ("
                        + UnusableRecordException.shown(name)
                        + ") must be pause, resume, reset, drop or set.");
    }

    /** A label or an id: not empty. */
    private String name(JsonFields fields, Field field) throws UnusableRecordException {
        String name = text(fields, field, limits.labelLength());
        if (name != null && name.isEmpty()) {
            throw new UnusableRecordException("Field " + field.key() + " () must not be empty.");
        }
        return name;
    }

    private static String text(JsonFields fields, Field field, int maxLength)
            throws UnusableRecordException {
        String text = fields.text(field);
        if (text != null && text.length() > maxLength) {
            throw new UnusableRecordException(
                    "Field "
                            + field.key()
                            + " ("
                            + text.length()
                            + " characters) must have at most "
                            + maxLength
                            + ".");
        }
        return wellFormed(field.key(), text);
    }

    /** Half a surrogate pair is no character: it would come back from UTF-8 as another text. */
    private static String wellFormed(String field, String text) throws UnusableRecordException {
        if (text != null && text.codePoints().anyMatch(ExampleParser::isSurrogate)) {
            throw new UnusableRecordException(
                    "Field "
                            + field
                            + " ("
                            + UnusableRecordException.shown(text)
                            + ") must be valid Unicode.");
        }
        return text;
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
