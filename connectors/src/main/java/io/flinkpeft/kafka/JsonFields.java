package io.flinkpeft.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** The fields of a JSON object that make an example, before anything is asked of them. */
final class JsonFields {

    /** The fields that are read; others are ignored. */
    enum Field {
        ADAPTER("adapter"),
        TEXT("text"),
        TEXT_PAIR("text_pair"),
        LABEL("label"),
        TARGET("target"),
        TIMESTAMP("timestamp");

        private final String key;

        Field(String key) {
            this.key = key;
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
                fields.readField(parser);
            }
            if (parser.nextToken() != null) {
                throw new UnusableRecordException("Record must end after its JSON object.");
            }
        }
        return fields;
    }

    private void readField(JsonParser parser) throws IOException, UnusableRecordException {
        Field field = Field.of(parser.currentName());
        JsonToken token = parser.nextToken();
        if (field == null) {
            parser.skipChildren();
        } else if (token == JsonToken.VALUE_STRING) {
            values.put(field, parser.getText());
        } else if (token == JsonToken.VALUE_NUMBER_INT && field == Field.TIMESTAMP) {
            values.put(field, parser.getBigIntegerValue());
        } else if (token != JsonToken.VALUE_NULL) {
            throw new UnusableRecordException(
                    "Field "
                            + field.key()
                            + " ("
                            + UnusableRecordException.shown(parser.getText())
                            + ") must be "
                            + (field == Field.TIMESTAMP
                                    ? "milliseconds since the epoch or ISO-8601 text."
                                    : "text."));
        }
    }

    /** The field's text or whole number; null if it is missing or null. */
    Object value(Field field) {
        return values.get(field);
    }

    /** The field's text; null if it is missing or null. */
    String text(Field field) {
        return (String) values.get(field);
    }
}
