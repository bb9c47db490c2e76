package io.flinkpeft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.model.ModelDirectory;
import java.io.IOException;

/** Tells models with one label a text from those that transformers trains with another loss. */
final class SingleLabelTask {

    private static final String TYPE = "single_label_classification";

    private SingleLabelTask() {}

    /** Refuses regressions, and models that give a text several labels. */
    static void check(ModelDirectory model) throws IOException {
        var file = model.path().resolve("config.json");
        JsonNode type = new ObjectMapper().readTree(file.toFile()).path("problem_type");
        if (!type.isMissingNode() && !type.isNull() && !type.asText().equals(TYPE)) {
            throw new IllegalArgumentException(
                    "Model "
                            + model.path()
                            + " has problem_type ("
                            + type.asText()
                            + "), must have "
                            + TYPE
                            + " to be trained.");
        }
        int labels = model.config().labels().size();
        if (labels < 2) {
            throw new IllegalArgumentException(
                    "Model " + model.path() + " has " + labels + " label, must have at least 2.");
        }
    }
}
