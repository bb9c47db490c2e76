package io.flinkpeft.method.ia3;

import java.util.List;
import java.util.Map;

/** The layers whose input PEFT scales if a configuration names none, by {@code model_type}. */
final class FeedForwardDefaults {

    private static final Map<String, List<String>> NAMES =
            Map.ofEntries(
                    Map.entry("bert", List.of("output.dense")),
                    Map.entry("roberta", List.of("output.dense")),
                    Map.entry("deberta", List.of("output.dense")),
                    Map.entry("deberta-v2", List.of("output.dense")),
                    Map.entry("gpt2", List.of("mlp.c_proj")),
                    Map.entry("bart", List.of("fc2")),
                    Map.entry("t5", List.of("wo")),
                    Map.entry("mt5", List.of()),
                    Map.entry("llama", List.of("down_proj")),
                    Map.entry("mistral", List.of("down_proj")),
                    Map.entry("qwen2", List.of("down_proj")),
                    Map.entry("qwen3", List.of("down_proj")),
                    Map.entry("gemma", List.of("down_proj")),
                    Map.entry("gemma2", List.of("down_proj")),
                    Map.entry("phi", List.of("fc2")));

    private FeedForwardDefaults() {}

    static List<String> of(String modelType) {
        List<String> names = NAMES.get(modelType);
        if (names == null) {
            throw new IllegalArgumentException(
                    "feedforward_modules must be given for model_type ("
                            + modelType
                            + "), which has no default.");
        }
        return names;
    }
}
