package io.flinkpeft.method;

import java.util.List;
import java.util.Map;

/** The layers that PEFT adapts if a configuration names none, by {@code model_type}. */
final class ArchitectureTargets {

    private static final Map<String, List<String>> LORA =
            Map.ofEntries(
                    Map.entry("bert", List.of("query", "value")),
                    Map.entry("roberta", List.of("query", "value")),
                    Map.entry("xlm-roberta", List.of("query", "value")),
                    Map.entry("electra", List.of("query", "value")),
                    Map.entry("deberta", List.of("in_proj")),
                    Map.entry("deberta-v2", List.of("query_proj", "value_proj")),
                    Map.entry("gpt2", List.of("c_attn")),
                    Map.entry("bart", List.of("q_proj", "v_proj")),
                    Map.entry("t5", List.of("q", "v")),
                    Map.entry("mt5", List.of("q", "v")),
                    Map.entry("llama", List.of("q_proj", "v_proj")),
                    Map.entry("mistral", List.of("q_proj", "v_proj")),
                    Map.entry("qwen2", List.of("q_proj", "v_proj")),
                    Map.entry("qwen3", List.of("q_proj", "v_proj")),
                    Map.entry("gemma", List.of("q_proj", "v_proj")),
                    Map.entry("gemma2", List.of("q_proj", "v_proj")),
                    Map.entry("phi", List.of("q_proj", "v_proj", "fc1", "fc2")));

    private ArchitectureTargets() {}

    static List<String> lora(String modelType) {
        List<String> names = LORA.get(modelType);
        if (names == null) {
            throw new IllegalArgumentException(
                    "target_modules must be given for model_type ("
                            + modelType
                            + "), which has no default.");
        }
        return names;
    }
}
