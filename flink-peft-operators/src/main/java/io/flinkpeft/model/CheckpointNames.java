package io.flinkpeft.model;

import io.flinkpeft.safetensors.TensorView;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The names that tensors have in files, and those that transformers 5 knows them by. */
final class CheckpointNames {

    /** What transformers leaves out without a word: buffers that it computes. */
    private static final List<Pattern> COMPUTED =
            List.of(
                    Pattern.compile("(^|\\.)position_ids$"),
                    Pattern.compile("rotary_emb\\.inv_freq$"),
                    Pattern.compile("\\.attn\\.(masked_)?bias$"),
                    Pattern.compile("^(model\\.)?(encoder|decoder)\\.version$"),
                    Pattern.compile("EncDecAttention\\.relative_attention_bias\\.weight$"));

    private CheckpointNames() {}

    /**
     * Tensors by the names of today: norms of files before 2019 have a gamma and a beta.
     *
     * @throws IllegalArgumentException if two have one name
     */
    static SortedMap<String, TensorView> today(Collection<TensorView> tensors) {
        var named = new TreeMap<String, TensorView>();
        for (TensorView tensor : tensors) {
            TensorView other = named.put(today(tensor.name()), tensor);
            if (other != null) {
                throw new IllegalArgumentException(
                        "Tensors "
                                + other.name()
                                + " and "
                                + tensor.name()
                                + " are one to transformers, the file must have one of them.");
            }
        }
        return Collections.unmodifiableSortedMap(named);
    }

    private static String today(String name) {
        return name.replace("LayerNorm.gamma", "LayerNorm.weight")
                .replace("LayerNorm.beta", "LayerNorm.bias");
    }

    /** Whether a model that knows a tensor's use computes it. */
    static boolean isComputed(String name) {
        return COMPUTED.stream().anyMatch(pattern -> pattern.matcher(name).find());
    }
}
