package io.flinkpeft.method.lora;

import io.flinkpeft.method.codec.WeightChange;
import io.flinkpeft.safetensors.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** LoRA's tensors in PEFT's files: how they are called, and which make up a layer. */
final class LoraFiles {

    static final String A = ".lora_A.weight";
    static final String B = ".lora_B.weight";
    static final String BIAS_OF_B = ".lora_B.bias";
    static final String EMBEDDING_A = ".lora_embedding_A";
    static final String EMBEDDING_B = ".lora_embedding_B";

    /** DoRA's lengths, as PEFT writes them. */
    static final String MAGNITUDE = ".lora_magnitude_vector";

    /** What PEFT puts between an adapted layer and its own bias. */
    static final String BASE_LAYER = ".base_layer";

    /** In the names of all that the base has not. */
    static final String OWN = ".lora_";

    /** What LoRA adds to a module, before the adapter's name. */
    static final Set<String> PARAMETERS =
            Set.of(
                    "lora_A",
                    "lora_B",
                    "lora_embedding_A",
                    "lora_embedding_B",
                    "lora_magnitude_vector");

    private LoraFiles() {}

    /**
     * Takes the layers out of an adapter's tensors.
     *
     * @throws IllegalArgumentException if one is not complete, or not what the settings say
     */
    static List<WeightChange> take(LoraConfig config, Map<String, TensorView> tensors) {
        if (config.initialization() == Initialization.PISSA) {
            throw new IllegalArgumentException(
                    "init_lora_weights (pissa) must be one that leaves the base as it is. Maybe"
                            + " convert the adapter with PEFT's"
                            + " path_initial_model_for_weight_conversion.");
        }
        List<WeightChange> layers = new ArrayList<>();
        for (String name : List.copyOf(tensors.keySet())) {
            if (name.endsWith(A)) {
                layers.add(layer(cut(name, A), false, config, tensors));
            } else if (name.endsWith(EMBEDDING_A)) {
                layers.add(layer(cut(name, EMBEDDING_A), true, config, tensors));
            }
        }
        return layers;
    }

    private static String cut(String name, String suffix) {
        return name.substring(0, name.length() - suffix.length());
    }

    private static LoraLayer layer(
            String module, boolean embedding, LoraConfig config, Map<String, TensorView> from) {
        TensorView a = from.remove(module + (embedding ? EMBEDDING_A : A));
        TensorView b = from.remove(module + (embedding ? EMBEDDING_B : B));
        if (b == null) {
            throw new IllegalArgumentException("Layer " + module + " must have B beside A.");
        }
        int rank = config.ranks().rankOf(module);
        var layer =
                new LoraLayer(
                        module,
                        embedding,
                        a,
                        b,
                        Optional.ofNullable(from.remove(module + BIAS_OF_B)),
                        Optional.ofNullable(from.remove(module + MAGNITUDE)),
                        config.ranks().scalingOf(module));
        checkParts(layer, config.variant());
        if (layer.rank() != rank) {
            throw new IllegalArgumentException(
                    "Layer "
                            + module
                            + " has rank "
                            + layer.rank()
                            + ", must have "
                            + rank
                            + ", as the settings say.");
        }
        return layer;
    }

    /** What the settings ask for must be there, and nothing else: PEFT would not read it. */
    private static void checkParts(LoraLayer layer, LoraVariant variant) {
        boolean dora = variant.form() == LoraForm.DORA;
        checkPart(layer, MAGNITUDE, layer.magnitude().isPresent(), "use_dora", dora);
        if (!layer.embedding()) {
            boolean bias = variant.biasOfB();
            checkPart(layer, BIAS_OF_B, layer.biasOfB().isPresent(), "lora_bias", bias);
        }
    }

    private static void checkPart(
            LoraLayer layer, String part, boolean there, String key, boolean asked) {
        if (there != asked) {
            throw new IllegalArgumentException(
                    "Tensor "
                            + layer.module()
                            + part
                            + " must "
                            + (asked ? "" : "not ")
                            + "be there, as "
                            + key
                            + " ("
                            + asked
                            + ") says.");
        }
    }
}
