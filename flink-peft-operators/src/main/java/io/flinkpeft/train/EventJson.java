package io.flinkpeft.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * An example or a control in the JSON form in which topics carry it, so that a rejected one can be
 * sent again.
 */
public final class EventJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private EventJson() {}

    /** The dead letter of an event; its payload is the JSON. */
    public static Rejected rejected(TrainingEvent event, String reason) {
        return new Rejected(
                reason,
                event.adapterId(),
                event.topic(),
                event.partition(),
                event.offset(),
                event.timestampMillis(),
                bytes(event));
    }

    private static byte[] bytes(TrainingEvent event) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("adapter", event.adapterId());
        if (event instanceof Control control) {
            put(json, control);
        } else {
            put(json, (Example) event);
        }
        json.put("timestamp", event.timestampMillis());
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(ObjectNode json, Example example) {
        json.put("text", example.text());
        putIfPresent(json, "text_pair", example.textPair());
        putIfPresent(json, "label", example.label());
        putIfPresent(json, "target", example.target());
    }

    private static void put(ObjectNode json, Control control) {
        json.put("control", control.action().name().toLowerCase(Locale.ROOT));
        if (control.learningRate() != null) {
            json.put("learning_rate", control.learningRate());
        }
        if (control.headLearningRate() != null) {
            json.put("head_learning_rate", control.headLearningRate());
        }
        if (control.method() != null) {
            json.putRawValue("method", new RawValue(control.method()));
        }
    }

    private static void putIfPresent(ObjectNode json, String name, String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
