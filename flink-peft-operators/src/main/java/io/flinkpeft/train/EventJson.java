package io.flinkpeft.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.RawRecord;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;

/** An event in the JSON form in which topics carry it, so that a rejected one can be sent again. */
public final class EventJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private EventJson() {}

    /** The dead letter of an event: as it was read, or else the JSON of what it is. */
    public static Rejected rejected(TrainingEvent event, Rejected.Cause cause, String reason) {
        var raw = Optional.ofNullable(event.raw());
        return new Rejected(
                cause,
                reason,
                event.adapterId(),
                raw.map(RawRecord::key).orElse(null),
                event.topic(),
                event.partition(),
                event.offset(),
                event.timestampMillis(),
                raw.map(RawRecord::value).orElseGet(() -> bytes(event)));
    }

    private static byte[] bytes(TrainingEvent event) {
        ObjectNode json = MAPPER.createObjectNode();
        if (event instanceof Heartbeat) {
            json.put("heartbeat", true);
        } else {
            json.put("adapter", event.adapterId());
        }
        if (event instanceof Example example) {
            put(json, example);
        } else if (event instanceof Feedback feedback) {
            put(json, feedback);
        } else if (event instanceof Control control) {
            put(json, control);
        }
        json.put("timestamp", event.timestampMillis());
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(ObjectNode json, Example example) {
        putIfPresent(json, "id", example.id());
        json.put("text", example.text());
        putIfPresent(json, "text_pair", example.textPair());
        putLabel(json, example.label());
        putIfPresent(json, "target", example.target());
    }

    private static void put(ObjectNode json, Feedback feedback) {
        json.put("id", feedback.exampleId());
        if (feedback.isRetraction()) {
            json.put("retracted", true);
        } else {
            putLabel(json, feedback.label());
        }
    }

    private static void put(ObjectNode json, Control control) {
        json.put("control", control.action().name().toLowerCase(Locale.ROOT));
        Optional.ofNullable(control.learningRate())
                .ifPresent(rate -> json.put("learning_rate", rate));
        Optional.ofNullable(control.headLearningRate())
                .ifPresent(rate -> json.put("head_learning_rate", rate));
        Optional.ofNullable(control.method())
                .ifPresent(method -> json.putRawValue("method", new RawValue(method)));
    }

    /** Several labels, or none of several, are a list. */
    private static void putLabel(ObjectNode json, String label) {
        if (label != null && (label.isEmpty() || label.contains("\n"))) {
            ArrayNode labels = json.putArray("labels");
            label.lines().forEach(labels::add);
        } else {
            putIfPresent(json, "label", label);
        }
    }

    private static void putIfPresent(ObjectNode json, String name, String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
