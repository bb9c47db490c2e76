package io.flinkpeft.method.adalora;

import io.flinkpeft.method.codec.FileTensors;
import io.flinkpeft.method.codec.WeightChange;
import io.flinkpeft.safetensors.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** AdaLoRA's tensors in PEFT's files: how they are called, and which make up a layer. */
final class AdaLoraFiles {

    static final String A = ".lora_A";
    static final String E = ".lora_E";
    static final String B = ".lora_B";

    /** What AdaLoRA adds to a module, before the adapter's name. */
    static final Set<String> PARAMETERS = Set.of("lora_A", "lora_B", "lora_E");

    /** Which tensors are in the files: all but the importances, which only training needs. */
    static final FileTensors TENSORS =
            new FileTensors() {
                @Override
                public boolean saved(String tensor) {
                    return !tensor.equals(AdaLoraAttachment.IMPORTANCES);
                }
            };

    private AdaLoraFiles() {}

    /**
     * Takes the layers out of an adapter's tensors.
     *
     * @throws IllegalArgumentException if one is not complete, or of another rank than the settings
     *     say
     */
    static List<WeightChange> take(AdaLoraConfig config, Map<String, TensorView> tensors) {
        List<WeightChange> layers = new ArrayList<>();
        for (String name : List.copyOf(tensors.keySet())) {
            if (name.endsWith(E)) {
                String module = name.substring(0, name.length() - E.length());
                var layer =
                        new AdaLoraLayer(
                                module,
                                part(tensors, module + A),
                                part(tensors, name),
                                part(tensors, module + B),
                                config.alpha() > 0 ? config.alpha() : config.initialRank(),
                                config.initialRank());
                checkRank(layer, config);
                layers.add(layer);
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

    private static void checkRank(AdaLoraLayer layer, AdaLoraConfig config) {
        List<Boolean> kept = config.rankPattern().get(layer.module());
        long rank =
                kept == null
                        ? config.initialRank()
                        : kept.stream().filter(Boolean::booleanValue).count();
        if (layer.left() != rank) {
            throw new IllegalArgumentException(
                    "Layer "
                            + layer.module()
                            + " has rank "
                            + layer.left()
                            + ", must have "
                            + rank
                            + ", as the settings say.");
        }
    }
}
