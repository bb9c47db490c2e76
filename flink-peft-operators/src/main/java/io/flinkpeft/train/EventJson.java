package io.flinkpeft.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An example in the JSON form in which topics carry it, so that a rejected one can be sent again.
 */
public final class ExampleJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ExampleJson() {}

    /** The dead letter of an example; its payload is the JSON. */
    public static Rejected rejected(Example example, String reason) {
        return new Rejected(
                reason,
                example.adapterId(),
                example.topic(),
                example.partition(),
                example.offset(),
                example.timestampMillis(),
                bytes(example));
    }

    private static byte[] bytes(Example example) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("adapter", example.adapterId());
        json.put("text", example.text());
        putIfPresent(json, "text_pair", example.textPair());
        putIfPresent(json, "label", example.label());
        putIfPresent(json, "target", example.target());
        json.put("timestamp", example.timestampMillis());
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void putIfPresent(ObjectNode json, String name, String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
