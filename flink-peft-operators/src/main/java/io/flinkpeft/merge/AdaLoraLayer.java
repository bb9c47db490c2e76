package io.flinkpeft.merge;

import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.safetensors.TensorView;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * AdaLoRA on one layer: {@code W + alpha B diag(E) A / (r + 1e-5)}, of the triplets that are left.
 *
 * @param module the layer's name in the model
 * @param a {@code [left, in]}
 * @param e {@code [left, 1]}
 * @param b {@code [out, left]}
 * @param alpha the scale's numerator
 * @param initialRank {@code r}, the rank before pruning: what is pruned does not change the scale
 */
record AdaLoraLayer(
        String module, TensorView a, TensorView e, TensorView b, double alpha, int initialRank) {

    static final String A = ".lora_A";
    static final String E = ".lora_E";
    static final String B = ".lora_B";

    AdaLoraLayer {
        List<Long> one = e.shape();
        boolean fits =
                a.shape().size() == 2
                        && b.shape().size() == 2
                        && one.equals(List.of(a.shape().get(0), 1L))
                        && one.get(0).equals(b.shape().get(1));
        if (!fits) {
            throw new IllegalArgumentException(
                    "Layer "
                            + module
                            + " has A "
                            + a.shape()
                            + ", E "
                            + one
                            + " and B "
                            + b.shape()
                            + ", must have [r, in], [r, 1] and [out, r].");
        }
    }

    /**
     * Takes the layers out of an adapter's tensors.
     *
     * @throws IllegalArgumentException if one is not complete, or of another rank than the settings
     *     say
     */
    static SortedMap<String, AdaLoraLayer> take(
            AdaLoraConfig config, Map<String, TensorView> from) {
        var layers = new TreeMap<String, AdaLoraLayer>();
        for (String name : List.copyOf(from.keySet())) {
            if (name.endsWith(E)) {
                String module = name.substring(0, name.length() - E.length());
                var layer =
                        new AdaLoraLayer(
                                module,
                                part(from, module + A),
                                part(from, name),
                                part(from, module + B),
                                config.alpha() > 0 ? config.alpha() : config.initialRank(),
                                config.initialRank());
                layer.checkRank(config);
                layers.put(module, layer);
            }
        }
        return layers;
    }

    private static TensorView part(Map<String, TensorView> from, String name) {
        TensorView part = from.remove(name);
        if (part == null) {
            throw new IllegalArgumentException("Tensor " + name + " must stand beside the others.");
        }
        return part;
    }

    private void checkRank(AdaLoraConfig config) {
        List<Boolean> kept = config.rankPattern().get(module);
        long rank = kept == null ? initialRank : kept.stream().filter(left -> left).count();
        if (left() != rank) {
            throw new IllegalArgumentException(
                    "Layer "
                            + module
                            + " has rank "
                            + left()
                            + ", must have "
                            + rank
                            + ", as the settings say.");
        }
    }

    /** How many triplets are left; a layer without any is as the base has it. */
    long left() {
        return a.shape().get(0);
    }

    long in() {
        return a.shape().get(1);
    }

    long out() {
        return b.shape().get(0);
    }
}
