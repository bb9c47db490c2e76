package io.flinkpeft.method;

import java.util.List;
import java.util.Map;

/** The layers that PEFT adapts if a configuration names none, by method and {@code model_type}. */
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

    private static final Map<String, List<String>> ADALORA =
            Map.ofEntries(
                    Map.entry("bert", List.of("query", "value")),
                    Map.entry("roberta", List.of("query", "key", "value", "dense")),
                    Map.entry("deberta", List.of("in_proj")),
                    // dense is the pooler's as well, as in PEFT
                    Map.entry(
                            "deberta-v2", List.of("query_proj", "key_proj", "value_proj", "dense")),
                    Map.entry("gpt2", List.of("c_attn")),
                    Map.entry(
                            "bart",
                            List.of("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")),
                    Map.entry("t5", List.of("q", "k", "v", "o", "wi", "wo")),
                    Map.entry("mt5", List.of("q", "k", "v", "o", "wi_0", "wi_1", "wo")),
                    Map.entry("llama", List.of("q_proj", "v_proj")),
                    Map.entry("qwen2", List.of("q_proj", "v_proj")),
                    Map.entry("qwen3", List.of("q_proj", "v_proj")),
                    Map.entry("gemma", List.of("q_proj", "v_proj")),
                    Map.entry("gemma2", List.of("q_proj", "v_proj")));

    private static final Map<String, List<String>> IA3 =
            Map.ofEntries(
                    Map.entry("bert", List.of("key", "value", "output.dense")),
                    Map.entry("roberta", List.of("key", "value", "output.dense")),
                    Map.entry("deberta", List.of("in_proj", "output.dense")),
                    Map.entry("deberta-v2", List.of("key_proj", "value_proj", "output.dense")),
                    Map.entry("gpt2", List.of("c_attn", "mlp.c_proj")),
                    Map.entry("bart", List.of("q_proj", "v_proj", "fc2")),
                    Map.entry("t5", List.of("k", "v", "wo")),
                    Map.entry("mt5", List.of("k", "v", "wi_1")),
                    Map.entry("llama", List.of("k_proj", "v_proj", "down_proj")),
                    Map.entry("mistral", List.of("k_proj", "v_proj", "down_proj")),
                    Map.entry("qwen2", List.of("q_proj", "v_proj", "down_proj")),
                    Map.entry("qwen3", List.of("q_proj", "v_proj", "down_proj")),
                    Map.entry("gemma", List.of("q_proj", "v_proj", "down_proj")),
                    Map.entry("gemma2", List.of("q_proj", "v_proj", "down_proj")),
                    Map.entry("phi", List.of("q_proj", "v_proj", "fc2")));

    private static final Map<String, Map<String, List<String>>> BY_METHOD =
            Map.of("LORA", LORA, "ADALORA", ADALORA, "IA3", IA3);

    private ArchitectureTargets() {}

    static List<String> of(String peftType, String modelType) {
        List<String> names = BY_METHOD.getOrDefault(peftType, Map.of()).get(modelType);
        if (names == null) {
            throw new IllegalArgumentException(
                    "target_modules must be given for model_type ("
                            + modelType
                            + "), which has no default.");
        }
        return names;
    }
}
