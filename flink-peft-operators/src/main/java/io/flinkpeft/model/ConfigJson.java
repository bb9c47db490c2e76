package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
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
    }

    /** Refuses any other value than the one that is supported, which is also the default. */
    void refuse(String key, String only) {
        JsonNode value = json.path(key);
        if (!value.isMissingNode() && !value.isNull() && !value.asText().equals(only)) {
            throw new IllegalArgumentException(
                    key + " (" + value.asText() + ") must be " + only + ".");
        }
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
        JsonNode map = json.path("id2label");
        if (!map.isObject()) {
            int count = positive("num_labels", 2);
            return IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
        }
        var labels = new ArrayList<String>();
        for (int id = 0; id < map.size(); id++) {
            JsonNode label = map.path(Integer.toString(id));
            if (!label.isTextual()) {
                throw new IllegalArgumentException(
                        "id2label " + map + " must have a name for each id from 0 on.");
            }
            labels.add(label.asText());
        }
        return labels;
    }
}
