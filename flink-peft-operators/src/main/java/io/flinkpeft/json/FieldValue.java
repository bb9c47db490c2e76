package io.flinkpeft.json;

import static io.flinkpeft.json.UnusableRecordException.shown;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Rejected.Cause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/** Reads the value of a field, if it has the form that the field must have. */
final class FieldValue {

    private FieldValue() {}

    static Object read(RecordField field, JsonToken token, JsonParser parser, byte[] record)
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
                    case ANSWER_START -> whole ? parser.getText() : null;
                    case LABEL ->
                            token == JsonToken.START_ARRAY
                                    ? list(field, parser, " ", FieldValue::word)
                                    : scalar(token, parser);
                    case TOKENS ->
                            token == JsonToken.START_ARRAY
                                    ? list(field, parser, " ", FieldValue::word)
                                    : null;
                    case LABELS ->
                            token == JsonToken.START_ARRAY
                                    ? list(field, parser, "\n", FieldValue::line)
                                    : null;
                    case TARGET ->
                            token == JsonToken.START_ARRAY
                                    ? list(field, parser, " ", FieldValue::number)
                                    : text ? parser.getText() : number(token, parser);
                    case ADAPTER, TEXT, TEXT_PAIR, CONTROL, ID -> text ? parser.getText() : null;
                };
        if (value == null) {
            throw wrong(field, token, parser);
        }
        return value;
    }

    private static UnusableRecordException wrong(
            RecordField field, JsonToken token, JsonParser parser) throws IOException {
        String value = shown(parser.getText());
        if (token.isStructStart()) {
            parser.skipChildren(); // other fields follow
        }
        return new UnusableRecordException(
                Cause.FIELD, "Field " + field.key() + " (" + value + ") must be " + field.rule());
    }

    /** A label as text: a whole number or a boolean as JSON writes it; null if it is neither. */
    private static String scalar(JsonToken token, JsonParser parser) throws IOException {
        return token == JsonToken.VALUE_STRING
                        || token == JsonToken.VALUE_NUMBER_INT
                        || token.isBoolean()
                ? parser.getText()
                : null;
    }

    /** A number as JSON writes it; null if it is none. */
    private static String number(JsonToken token, JsonParser parser) throws IOException {
        return token.isNumeric() ? parser.getText() : null;
    }

    /** A word without white space; null if it is none. */
    private static String word(JsonToken token, JsonParser parser) throws IOException {
        String word = scalar(token, parser);
        return word == null || word.isEmpty() || word.chars().anyMatch(Character::isWhitespace)
                ? null
                : word;
    }

    /** A label of one line; null if it is none. */
    private static String line(JsonToken token, JsonParser parser) throws IOException {
        String line = scalar(token, parser);
        return line == null || line.lines().count() != 1 || line.endsWith("\n") ? null : line;
    }

    /** The text of an element of a list; null if it cannot be one. */
    private interface Element {
        String of(JsonToken token, JsonParser parser) throws IOException;
    }

    /** A list as a text. */
    private static String list(
            RecordField field, JsonParser parser, String between, Element element)
            throws IOException, UnusableRecordException {
        var words = new StringJoiner(between);
        UnusableRecordException first = null;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonToken token = parser.currentToken();
            String word = element.of(token, parser);
            if (word == null) {
                first = first == null ? wrong(field, token, parser) : first;
                parser.skipChildren();
            } else {
                words.add(word);
            }
        }
        if (first != null) {
            throw first;
        }
        return words.toString();
    }

    /** The text of an object, as it stands in the record. */
    private static String object(RecordField field, JsonParser parser, byte[] record)
            throws IOException, UnusableRecordException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int length = (int) parser.currentLocation().getByteOffset() - from;
        if (length > Control.METHOD_LENGTH) { // of bytes, at least as many as characters
            throw new UnusableRecordException(
                    Cause.FIELD,
                    "Field "
                            + field.key()
                            + " ("
                            + length
                            + " bytes) must have at most "
                            + Control.METHOD_LENGTH
                            + ".");
        }
        return new String(record, from, length, StandardCharsets.UTF_8);
    }
}
