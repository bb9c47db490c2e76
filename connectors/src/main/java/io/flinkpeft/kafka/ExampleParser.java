package io.flinkpeft.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.kafka.JsonFields.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes an example or a control of a Kafka record, or says why it can be neither. */
final class ExampleParser {

    private static final long FIRST_MILLIS = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST_MILLIS = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();
    private static final byte[] NOTHING = new byte[0];

    private final String defaultAdapter;
    private final ExampleLimits limits;
    private final JsonFactory json;

    /**
     * A parser.
     *
     * @param defaultAdapter for records that name none and have no key; null if there is none
     */
    ExampleParser(String defaultAdapter, ExampleLimits limits) {
        this.defaultAdapter = defaultAdapter;
        this.limits = limits;
        this.json = JsonFields.factory(limits.recordBytes());
    }

    ParsedRecord parse(ConsumerRecord<byte[], byte[]> record) {
        String adapter = null;
        try {
            JsonFields fields = fields(record.value());
            adapter = adapter(fields, record.key());
            return fields.text(Field.CONTROL) == null
                    ? ParsedRecord.of(example(adapter, fields, record))
                    : ParsedRecord.of(control(adapter, fields, record));
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

    private Example example(
            String adapter, JsonFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        String text = text(fields, Field.TEXT, limits.textLength());
        if (text == null) {
            throw new UnusableRecordException("Field text (missing) must be there.");
        }
        String label = text(fields, Field.LABEL, limits.labelLength());
        if (label != null && label.isEmpty()) {
            throw new UnusableRecordException("Field label () must not be empty.");
        }
        return new Example(
                adapter,
                text,
                text(fields, Field.TEXT_PAIR, limits.textLength()),
                label,
                text(fields, Field.TARGET, limits.textLength()),
                timestamp(fields.value(Field.TIMESTAMP), record.timestamp()),
                record.topic(),
                record.partition(),
                record.offset());
    }

    private static Control control(
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
                timestamp(fields.value(Field.TIMESTAMP), record.timestamp()),
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

    private static long timestamp(Object value, long recordMillis) throws UnusableRecordException {
        if (value == null) {
            return checked(BigInteger.valueOf(recordMillis));
        }
        if (value instanceof BigInteger number) {
            return checked(number);
        }
        try {
            Instant instant = OffsetDateTime.parse((String) value).toInstant();
            return checked(BigInteger.valueOf(instant.toEpochMilli()));
        } catch (DateTimeException | ArithmeticException e) {
            throw new UnusableRecordException(
                    "Field timestamp ("
                            + UnusableRecordException.shown((String) value)
                            + ") must be ISO-8601 with an offset, such as 2026-11-21T10:15:30Z.");
        }
    }

    private static long checked(BigInteger millis) throws UnusableRecordException {
        if (millis.compareTo(BigInteger.valueOf(FIRST_MILLIS)) < 0
                || millis.compareTo(BigInteger.valueOf(LAST_MILLIS)) > 0) {
            throw new UnusableRecordException(
                    "Field timestamp ("
                            + UnusableRecordException.shown(millis.toString())
                            + ") must lie in the years 1 to 9999.");
        }
        return millis.longValue();
    }
}
