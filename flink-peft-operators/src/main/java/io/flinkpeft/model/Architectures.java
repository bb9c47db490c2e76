package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The model families that the engine knows. */
final class Architectures {

    private static final SortedMap<String, Function<JsonNode, Architecture>> BY_MODEL_TYPE =
            new TreeMap<>();

    static {
        BY_MODEL_TYPE.put("bart", json -> new BartArchitecture(BartConfig.of(json)));
        BY_MODEL_TYPE.put(
                "bert", json -> new BertArchitecture(BertConfig.of(json), MaskedLmHead.bert(json)));
        BY_MODEL_TYPE.put(
                "deberta-v2",
                json ->
                        new DebertaV2Architecture(
                                DebertaV2Config.of(json), MaskedLmHead.bert(json)));
        BY_MODEL_TYPE.put("gpt2", json -> new Gpt2Architecture(Gpt2Config.of(json)));
        for (String type : List.of(LlamaConfig.LLAMA, LlamaConfig.QWEN2, LlamaConfig.QWEN3)) {
            BY_MODEL_TYPE.put(type, json -> new LlamaArchitecture(LlamaConfig.of(json)));
        }
        for (String type : List.of("roberta", "xlm-roberta")) {
            BY_MODEL_TYPE.put(
                    type,
                    json ->
                            new RobertaArchitecture(
                                    RobertaConfig.of(json), MaskedLmHead.roberta(json)));
        }
        BY_MODEL_TYPE.put("t5", json -> new T5Architecture(T5Config.of(json)));
    }

    private Architectures() {}

    /** The families that it knows, by name. */
    static Set<String> modelTypes() {
        return Collections.unmodifiableSet(BY_MODEL_TYPE.keySet());
    }

    /**
     * The architecture of a parsed {@code config.json}.
     *
     * @throws IllegalArgumentException if it is of an unknown family, or has a feature that changes
     *     what the model computes and is not supported
     */
    static Architecture of(JsonNode json) {
        String type = json.path("model_type").asText("");
        if (!BY_MODEL_TYPE.containsKey(type)) {
            throw new IllegalArgumentException(
                    "model_type (" + type + ") must be one of " + modelTypes() + ".");
        }
        return BY_MODEL_TYPE.get(type).apply(json);
    }
}
