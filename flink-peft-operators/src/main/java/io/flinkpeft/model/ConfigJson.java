package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Values of a {@code config.json}, checked.
 *
 * @param json the parsed file
 */
record ConfigJson(JsonNode json) {

    ConfigJson {
        if (json.hasNonNull("quantization_config")) {
            throw new IllegalArgumentException(
                    "quantization_config must be absent. Maybe use the model before quantisation.");
        }
        if (json.hasNonNull("per_layer_config")) {
            throw new IllegalArgumentException(
                    "per_layer_config must be absent: layers have the same settings.");
        }
    }

    /** Refuses any other value than the one that is supported, which is also the default. */
    void refuse(String key, String only) {
        JsonNode value = json.path(key);
        if (!value.isMissingNode() && !value.isNull() && !value.asText().equals(only)) {
            throw new IllegalArgumentException(
                    key + " (" + value.asText() + ") must be " + only + ".");
        }
    }

    /**
     * Refuses another value under a second name: transformers sets whichever it reads last.
     *
     * @param key whose value counts
     * @param other the same to transformers
     */
    int positive(String key, int otherwise, String other) {
        int value = positive(key, otherwise);
        if (json.hasNonNull(other) && json.path(other).asInt() != value) {
            throw new IllegalArgumentException(
                    other
                            + " ("
                            + json.path(other)
                            + ") must be as "
                            + key
                            + " ("
                            + value
                            + "): they are one. Maybe leave it out.");
        }
        return value;
    }

    /** A whole number of at least 1. */
    int positive(String key) {
        JsonNode value = json.path(key);
        if (!value.isInt() || value.intValue() < 1) {
            throw new IllegalArgumentException(
                    key
                            + " ("
                            + (value.isMissingNode() ? "missing" : value)
                            + ") must be a whole number of at least 1.");
        }
        return value.intValue();
    }

    /** A whole number of at least 1, which the file may leave out. */
    int positive(String key, int otherwise) {
        return json.hasNonNull(key) ? positive(key) : otherwise;
    }

    /** The classes that the model was saved from. */
    List<String> architectures() {
        var strings = new ArrayList<String>();
        json.path("architectures").forEach(element -> strings.add(element.asText()));
        return strings;
    }

    /** The classes of a head by id; JSON has the ids as strings, in any order. */
    List<String> labels() {
        return labels(2);
    }

    /** The same where a family has another number of classes if nothing says it. */
    List<String> labels(int otherwise) {
        JsonNode map = json.path("id2label");
        if (!map.isObject()) {
            int count = positive("num_labels", otherwise);
            return IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
        }
        var labels = new ArrayList<String>();
        var names = new HashSet<String>();
        for (int id = 0; id < map.size(); id++) {
            JsonNode label = map.path(Integer.toString(id));
            if (!label.isTextual()) {
                throw new IllegalArgumentException(
                        "id2label " + map + " must have a name for each id from 0 on.");
            }
            if (!names.add(label.asText())) {
                throw new IllegalArgumentException(
                        "id2label " + map + " must have another name for each id.");
            }
            labels.add(label.asText());
        }
        checkIds(labels);
        return labels;
    }

    /** transformers predicts by the one map and trains by the other. */
    private void checkIds(List<String> labels) {
        for (int id = 0; id < labels.size(); id++) {
            JsonNode other = json.path("label2id").path(labels.get(id));
            if (other.isNumber() && other.asInt() != id) {
                throw new IllegalArgumentException(
                        "label2id has "
                                + other
                                + " for "
                                + labels.get(id)
                                + ", must have "
                                + id
                                + " as id2label.");
            }
        }
    }
}
