package io.flinkpeft.method.prompt;

import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Magnitude;
import io.flinkpeft.method.ModelShape;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.JsonValues;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The virtual tokens of a prompt method, and the sizes of the base that PEFT writes beside them.
 *
 * @param count how many, at least 1
 * @param width of a token; 0: what the model has
 * @param heads of the model; 0: what it has
 * @param layers of the model; 0: what it has
 * @param submodules 2 for an encoder-decoder, which has as many tokens again, else 1; 0: what the
 *     task has
 */
public record VirtualTokens(int count, int width, int heads, int layers, int submodules)
        implements Serializable {

    private static final String SAVED = "modules_to_save";

    /** The keys in {@code adapter_config.json}. */
    public static final Set<String> KEYS =
            Set.of(
                    SAVED,
                    "num_attention_heads",
                    "num_layers",
                    "num_transformer_submodules",
                    "num_virtual_tokens",
                    "token_dim");

    /** How many there are at most; a base has fewer positions. */
    private static final int MOST = 1 << 20;

    /** The name of the tensor that PEFT saves. */
    public static final String EMBEDDINGS = "prompt_embeddings";

    public VirtualTokens {
        Magnitude.count("num_virtual_tokens", count, MOST, " Maybe use 20.");
    }

    /** So many tokens, of the model's sizes. */
    public static VirtualTokens of(int count) {
        return new VirtualTokens(count, 0, 0, 0, 0);
    }

    /** Rows of the trained matrix. */
    public int rows() {
        return count * Math.max(1, submodules);
    }

    /**
     * The same with the sizes of a model.
     *
     * @param heads in each of its layers that take virtual tokens
     * @param width of a token there
     * @throws IllegalArgumentException if it has others
     */
    public VirtualTokens on(AttachedModel model, int heads, int width) {
        ModelShape shape = model.shape();
        int submodules = model.task() == TaskType.SEQ_2_SEQ_LM ? 2 : 1;
        same("token_dim", this.width, width);
        same("num_attention_heads", this.heads, heads);
        same("num_layers", layers, shape.layers());
        same("num_transformer_submodules", this.submodules, submodules);
        return new VirtualTokens(count, width, heads, shape.layers(), submodules);
    }

    private static void same(String key, int own, int models) {
        if (own != 0 && own != models) {
            throw new IllegalArgumentException(
                    key
                            + " ("
                            + own
                            + ") must be "
                            + models
                            + ", as the model has it. Maybe the adapter is for another model.");
        }
    }

    /** Reads the keys. */
    public static VirtualTokens read(JsonValues values) {
        for (String module : values.texts(SAVED)) {
            if (Stream.of(TaskType.values()).noneMatch(t -> t.allHeads().contains(module))) {
                throw new IllegalArgumentException(
                        SAVED
                                + " ("
                                + values.value(SAVED)
                                + ") must be heads only for peft_type ("
                                + values.text("peft_type", "null")
                                + "). Maybe use LORA.");
            }
        }
        return new VirtualTokens(
                values.integer("num_virtual_tokens", 0),
                values.integer("token_dim", 0),
                values.integer("num_attention_heads", 0),
                values.integer("num_layers", 0),
                values.integer("num_transformer_submodules", 0));
    }

    /** Puts the keys. */
    public void write(TaskType task, Map<String, Object> json) {
        json.put("num_virtual_tokens", count);
        json.put("token_dim", orNull(width));
        json.put("num_attention_heads", orNull(heads));
        json.put("num_layers", orNull(layers));
        json.put("num_transformer_submodules", orNull(submodules));
        // PEFT adds the heads of the task twice for these methods
        List<String> twice = new ArrayList<>(task.heads());
        twice.addAll(task.heads());
        json.put(SAVED, twice.isEmpty() ? null : twice);
    }

    /** What is 0 here is null in a file. */
    public static Object orNull(int size) {
        return size == 0 ? null : size;
    }
}
