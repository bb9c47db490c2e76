package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.safetensors.TensorView;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the output layer of a model is its word embedding. {@code config.json} says so, unless
 * the checkpoint has both with different values: transformers 5 then takes both.
 */
public final class TiedOutput {

    /** Families whose default is an output layer of its own. */
    private static final Set<String> UNTIED =
            Set.of(LlamaConfig.LLAMA, LlamaConfig.QWEN2, LlamaConfig.QWEN3);

    private TiedOutput() {}

    /**
     * Whether they are one in a checkpoint.
     *
     * @param config {@code config.json}
     * @param output the weight of the output layer, if the checkpoint has it
     * @param words the word embedding, if the checkpoint has it
     */
    public static boolean of(
            JsonNode config, Optional<TensorView> output, Optional<TensorView> words) {
        return said(config) && !differ(output, words);
    }

    /** What {@code config.json} says, whatever the checkpoint holds. */
    static boolean said(JsonNode config) {
        boolean tied = !UNTIED.contains(config.path("model_type").asText());
        return config.path("tie_word_embeddings").asBoolean(tied);
    }

    /** Whether both are there with different values. */
    static boolean differ(Optional<TensorView> output, Optional<TensorView> words) {
        return output.isPresent() && words.isPresent() && !same(output.get(), words.get());
    }

    /** Whether two tensors have the same values, of one type or not. */
    public static boolean same(TensorView one, TensorView other) {
        if (!one.shape().equals(other.shape())) {
            return false;
        }
        return one.dtype() == other.dtype()
                ? one.data().equals(other.data())
                : Arrays.equals(one.toFloats(), other.toFloats());
    }
}
