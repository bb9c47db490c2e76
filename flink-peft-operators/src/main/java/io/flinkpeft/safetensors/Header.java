package io.flinkpeft.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON at the start of a file, with every syntactic check; {@link Layout} has those on sizes.
 *
 * @param metadata the free text entries, in their order
 * @param entries the tensors, in their order
 */
record Header(Map<String, String> metadata, List<Entry> entries) {

    /** A tensor as the header describes it; offsets count from the end of the header. */
    record Entry(String name, DType dtype, List<Long> shape, long start, long end) {}

    static final String METADATA = "__metadata__";

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // names come from strangers: keep them out of the process-wide tables
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(8)
                                    .maxNumberLength(20)
                                    .maxNameLength(100_000)
                                    .maxStringLength(100_000_000)
                                    .build())
                    .build();

    static Header parse(ByteBuffer bytes, Limits limits) {
        try (JsonParser parser = JSON.createParser(decode(bytes))) {
            var header = new Header(new LinkedHashMap<>(), new ArrayList<>());
            expect(parser.nextToken(), JsonToken.START_OBJECT, "The header");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = checked(parser.currentName());
                parser.nextToken();
                if (name.equals(METADATA)) {
                    metadata(parser, header.metadata);
                } else {
                    if (header.entries.size() == limits.tensors()) {
                        throw new SafetensorsException(
                                "The file has more than "
                                        + limits.tensors()
                                        + " tensors, the limit.");
                    }
                    header.entries.add(entry(name, parser));
                }
            }
            if (parser.nextToken() != null) {
                throw new SafetensorsException("The header must end after its JSON object.");
            }
            return new Header(Collections.unmodifiableMap(header.metadata), header.entries);
        } catch (JsonProcessingException e) {
            throw new SafetensorsException(
                    "The header is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new SafetensorsException("The header cannot be read: " + e.getMessage(), e);
        }
    }

    private static String decode(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new SafetensorsException("The header must be UTF-8.", e);
        }
    }

    private static void metadata(JsonParser parser, Map<String, String> metadata)
            throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(parser.currentToken(), JsonToken.START_OBJECT, METADATA);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = checked(parser.currentName());
            expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + key);
            metadata.put(key, checked(parser.getText()));
        }
    }

    private static Entry entry(String name, JsonParser parser) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, "Tensor " + name);
        DType dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "dtype" -> dtype = dtype(name, parser);
                case "shape" -> shape = longs(name + ".shape", parser);
                case "data_offsets" -> offsets = longs(name + ".data_offsets", parser);
                // a later version of the format may say more
                default -> parser.skipChildren();
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            throw new SafetensorsException(
                    "Tensor " + name + " must have dtype, shape and data_offsets.");
        }
        if (offsets.size() != 2) {
            throw new SafetensorsException(
                    "Tensor " + name + " has data_offsets " + offsets + ", must have two.");
        }
        return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
    }

    private static DType dtype(String name, JsonParser parser) throws IOException {
        expect(parser.currentToken(), JsonToken.VALUE_STRING, "Tensor " + name + ".dtype");
        try {
            return DType.valueOf(parser.getText());
        } catch (IllegalArgumentException e) {
            throw new SafetensorsException(
                    "Tensor " + name + " has an unknown dtype (" + parser.getText() + ").");
        }
    }

    private static List<Long> longs(String what, JsonParser parser) throws IOException {
        expect(parser.currentToken(), JsonToken.START_ARRAY, "Tensor " + what);
        var values = new ArrayList<Long>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, "Tensor " + what);
            long value = parser.getLongValue();
            if (value < 0) {
                throw new SafetensorsException(
                        "Tensor " + what + " (" + value + ") must not be negative.");
            }
            if (values.size() == Shapes.MAX_DIMENSIONS) {
                throw new SafetensorsException(
                        "Tensor "
                                + what
                                + " must have at most "
                                + Shapes.MAX_DIMENSIONS
                                + " numbers.");
            }
            values.add(value);
        }
        return values;
    }

    /** Escapes can smuggle in half a surrogate pair, which no UTF-8 file could hold. */
    private static String checked(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new SafetensorsException("The header has a name or text that is not Unicode.");
        }
        return text;
    }

    private static void expect(JsonToken actual, JsonToken expected, String what) {
        if (actual != expected) {
            throw new SafetensorsException(what + " is " + actual + ", must be " + expected + ".");
        }
    }
}
