package io.flinkpeft.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.flinkpeft.event.Control;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/** The fields of a JSON object that make an event, before anything is asked of them. */
final class JsonFields {

    /** The fields that are read; others are ignored. */
    enum Field {
        ADAPTER("adapter", "text."),
        TEXT("text", "text."),
        TEXT_PAIR("text_pair", "text."),
        LABEL("label", "text."),
        TARGET("target", "text."),
        CONTROL("control", "text."),
        LEARNING_RATE("learning_rate", "a number."),
        HEAD_LEARNING_RATE("head_learning_rate", "a number."),
        METHOD("method", "a JSON object."),
        ID("id", "text."),
        RETRACTED("retracted", "true or false."),
        HEARTBEAT("heartbeat", "true or false."),
        TIMESTAMP("timestamp", "milliseconds since the epoch or ISO-8601 text.");

        private final String key;
        private final String rule;

        Field(String key, String rule) {
            this.key = key;
            this.rule = rule;
        }

        String key() {
            return key;
        }

        static Field of(String key) {
            for (Field field : values()) {
                if (field.key.equals(key)) {
                    return field;
                }
            }
            return null;
        }
    }

    private static final int MAX_NESTING = 100;

    private final Map<Field, Object> values = new EnumMap<>(Field.class);

    /** A factory for records of a size; thread-safe. */
    static JsonFactory factory(int maxBytes) {
        var constraints =
                StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxStringLength(maxBytes)
                        .build();
        return JsonFactory.builder()
                .streamReadConstraints(constraints)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // UTF-8 and nothing else
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                // names of other people's fields must not stay in memory
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    /** Reads a record to its end. */
    static JsonFields read(JsonFactory factory, byte[] record)
            throws IOException, UnusableRecordException {
        var fields = new JsonFields();
        try (JsonParser parser = factory.createParser(record)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnusableRecordException("Record must be a JSON object.");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                fields.readField(parser, record);
            }
            if (parser.nextToken() != null) {
                throw new UnusableRecordException("Record must end after its JSON object.");
            }
        }
        return fields;
    }

    private void readField(JsonParser parser, byte[] record)
            throws IOException, UnusableRecordException {
        Field field = Field.of(parser.currentName());
        JsonToken token = parser.nextToken();
        if (field == null) {
            parser.skipChildren();
        } else if (token != JsonToken.VALUE_NULL) {
            values.put(field, value(field, token, parser, record));
        }
    }

    private static Object value(Field field, JsonToken token, JsonParser parser, byte[] record)
            throws IOException, UnusableRecordException {
        boolean text = token == JsonToken.VALUE_STRING;
        boolean whole = token == JsonToken.VALUE_NUMBER_INT;
        Object value =
                switch (field) {
                    case LEARNING_RATE, HEAD_LEARNING_RATE ->
                            whole || token == JsonToken.VALUE_NUMBER_FLOAT
                                    ? (Object) parser.getDoubleValue()
                                    : null;
                    case METHOD ->
                            token == JsonToken.START_OBJECT ? object(field, parser, record) : null;
                    case RETRACTED, HEARTBEAT ->
                            token.isBoolean() ? (Object) parser.getBooleanValue() : null;
                    case TIMESTAMP ->
                            whole ? parser.getBigIntegerValue() : text ? parser.getText() : null;
                    default -> text ? parser.getText() : null;
                };
        if (value == null) {
            throw new UnusableRecordException(
                    "Field "
                            + field.key
                            + " ("
                            + UnusableRecordException.shown(parser.getText())
                            + ") must be "
                            + field.rule);
        }
        return value;
    }

    /** The text of an object, as it stands in the record. */
    private static String object(Field field, JsonParser parser, byte[] record)
            throws IOException, UnusableRecordException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int length = (int) parser.currentLocation().getByteOffset() - from;
        if (length > Control.METHOD_LENGTH) { // of bytes, at least as many as characters
            throw new UnusableRecordException(
                    "Field "
                            + field.key
                            + " ("
                            + length
                            + " bytes) must have at most "
                            + Control.METHOD_LENGTH
                            + ".");
        }
        return new String(record, from, length, StandardCharsets.UTF_8);
    }

    /** The field's text or number; null if it is missing or null. */
    Object value(Field field) {
        return values.get(field);
    }

    /** Whether the field is there and true. */
    boolean isTrue(Field field) {
        return Boolean.TRUE.equals(values.get(field));
    }

    /** The field's text; null if it is missing or null. */
    String text(Field field) {
        return (String) values.get(field);
    }
}
