package io.flinkpeft.json;

import static io.flinkpeft.json.UnusableRecordException.shown;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.flinkpeft.event.Rejected.Cause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fields of a JSON object, as far as they could be read: UTF-8, perhaps behind a byte order
 * mark, no key twice, nothing behind the object. {@link #check} says what is wrong, and each
 * reading method what is wrong with its field.
 */
public final class RecordFields {

    private static final int MAX_NESTING = 100;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Map<RecordField, Object> values = new EnumMap<>(RecordField.class);
    private final Map<RecordField, UnusableRecordException> unusable =
            new EnumMap<>(RecordField.class); // those that stand in for others
    private Optional<String> unknown = Optional.empty(); // the first name that is not known
    private Optional<UnusableRecordException> broken = Optional.empty();

    private final Consumer<String> ignored;

    private RecordFields(Consumer<String> ignored) {
        this.ignored = ignored;
    }

    /** A factory for records of at most so many bytes; thread-safe. */
    public static JsonFactory factory(int maxBytes) {
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

    /** No fields, for a reason. */
    public static RecordFields none(Cause cause, String reason) {
        var fields = new RecordFields(key -> {});
        fields.broken = Optional.of(new UnusableRecordException(cause, reason));
        return fields;
    }

    /** Reads these fields of a record to its end; what is wrong does not throw yet. */
    public static RecordFields read(JsonFactory factory, byte[] record, Set<RecordField> known) {
        return read(factory, record, known, key -> {});
    }

    /** The same; {@code unknown} takes the keys that are those of no field of any record. */
    public static RecordFields read(
            JsonFactory factory, byte[] record, Set<RecordField> known, Consumer<String> unknown) {
        var fields = new RecordFields(unknown);
        byte[] json = withoutMark(record);
        try (JsonParser parser = factory.createParser(json)) {
            fields.readObject(parser, json, known);
        } catch (JsonProcessingException e) {
            String reason = "Record must be JSON: " + e.getOriginalMessage();
            fields.broken = Optional.of(new UnusableRecordException(Cause.JSON, reason));
        } catch (UnusableRecordException e) {
            fields.broken = Optional.of(e);
        } catch (IOException e) {
            throw new UncheckedIOException("An array in memory cannot fail.", e);
        }
        return fields;
    }

    private static byte[] withoutMark(byte[] record) {
        int length = BYTE_ORDER_MARK.length;
        return record.length >= length
                        && Arrays.equals(record, 0, length, BYTE_ORDER_MARK, 0, length)
                ? Arrays.copyOfRange(record, length, record.length)
                : record;
    }

    private void readObject(JsonParser parser, byte[] record, Set<RecordField> known)
            throws IOException, UnusableRecordException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new UnusableRecordException(Cause.JSON, "Record must be a JSON object.");
        }
        Optional<UnusableRecordException> first = Optional.empty();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            try {
                readField(parser, record, known);
            } catch (UnusableRecordException e) {
                first = first.or(() -> Optional.of(e)); // what follows may name the adapter
            }
        }
        if (parser.nextToken() != null) {
            throw new UnusableRecordException(Cause.JSON, "Record must end after its JSON object.");
        }
        if (first.isPresent()) {
            throw first.get();
        }
    }

    private void readField(JsonParser parser, byte[] record, Set<RecordField> known)
            throws IOException, UnusableRecordException {
        String key = parser.currentName();
        RecordField field = RecordField.of(key, known);
        JsonToken token = parser.nextToken();
        if (field == null) {
            unknown = unknown.or(() -> Optional.of(key));
            parser.skipChildren();
            if (RecordField.of(key, RecordField.OF_EVENTS) == null) {
                ignored.accept(key);
            }
        } else if (token != JsonToken.VALUE_NULL) {
            try {
                values.put(field, FieldValue.read(field, token, parser, record));
            } catch (UnusableRecordException e) {
                if (!field.standsIn()) {
                    throw e;
                }
                unusable.put(field, e);
            }
        }
    }

    /**
     * Does nothing if all could be read.
     *
     * @throws UnusableRecordException with the first thing that is wrong
     */
    public void check() throws UnusableRecordException {
        if (broken.isPresent()) {
            throw broken.get();
        }
    }

    /**
     * Does nothing if the record has no other fields than these.
     *
     * @param what the record is, for the message
     * @throws UnusableRecordException with the name of another one
     */
    public void refuseOthers(String what, Set<RecordField> allowed) throws UnusableRecordException {
        Optional<String> other =
                Stream.concat(values.keySet().stream(), unusable.keySet().stream())
                        .filter(field -> !allowed.contains(field))
                        .map(RecordField::key)
                        .findFirst()
                        .or(() -> unknown);
        if (other.isPresent()) {
            throw new UnusableRecordException(
                    Cause.FIELD,
                    "Field "
                            + shown(other.get())
                            + " must not be in "
                            + what
                            + ", which may have "
                            + allowed.stream()
                                    .map(RecordField::key)
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
    }

    /** The field's text or number; null if it is missing or null. */
    public Object value(RecordField field) {
        return values.get(field);
    }

    /** Whether the field is there and not null. */
    public boolean has(RecordField field) {
        return values.containsKey(field);
    }

    /** Whether the field is there and true. */
    public boolean isTrue(RecordField field) {
        return Boolean.TRUE.equals(values.get(field));
    }

    /** The field's text; null if it is missing or null. */
    public String text(RecordField field) {
        return (String) values.get(field);
    }

    /**
     * The field's text, checked; null if it is missing or null.
     *
     * @throws UnusableRecordException if it is too long, or holds half a surrogate pair, which is
     *     no character and would come back from UTF-8 as another text
     */
    public String text(RecordField field, int maxLength) throws UnusableRecordException {
        if (unusable.containsKey(field)) {
            throw unusable.get(field);
        }
        String text = text(field);
        if (text != null && text.length() > maxLength) {
            throw new UnusableRecordException(
                    Cause.FIELD,
                    "Field "
                            + field.key()
                            + " ("
                            + text.length()
                            + " characters) must have at most "
                            + maxLength
                            + ".");
        }
        if (text != null && text.codePoints().anyMatch(RecordFields::isSurrogate)) {
            throw new UnusableRecordException(
                    Cause.FIELD,
                    "Field " + field.key() + " (" + shown(text) + ") must be valid Unicode.");
        }
        return text;
    }

    /** A text that must not be empty, if it is there. */
    public String name(RecordField field, int maxLength) throws UnusableRecordException {
        String name = text(field, maxLength);
        if (name != null && name.isEmpty()) {
            throw new UnusableRecordException(
                    Cause.FIELD, "Field " + field.key() + " () must not be empty.");
        }
        return name;
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
