package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the outputs of a checkpoint's own classifier mean: {@code problem_type} of its config. */
public enum ProblemType {
    /** One label a text. */
    SINGLE_LABEL_CLASSIFICATION,
    /** Any number of labels a text. */
    MULTI_LABEL_CLASSIFICATION,
    /** Numbers, no labels. */
    REGRESSION;

    private static final String KEY = "problem_type";

    /** What a parsed {@code config.json} says; empty if it says nothing. */
    static Optional<ProblemType> of(JsonNode config) {
        if (!config.hasNonNull(KEY)) {
            return Optional.empty();
        }
        String name = config.path(KEY).asText();
        return Optional.of(
                Arrays.stream(values())
                        .filter(type -> type.configName().equals(name))
                        .findFirst()
                        .orElseThrow(() -> unknown(name)));
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException(
                "problem_type ("
                        + name
                        + ") must be one of "
                        + Arrays.stream(values())
                                .map(ProblemType::configName)
                                .collect(Collectors.joining(", "))
                        + ".");
    }

    boolean severalLabelsOrNone() {
        return this != SINGLE_LABEL_CLASSIFICATION;
    }

    String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
