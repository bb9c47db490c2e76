package io.flinkpeft.merge;

import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.ia3.Ia3Layer;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.lora.LoraLayer;
import io.flinkpeft.safetensors.DurableFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Weighted combination of adapters of one base model into one, as PEFT's {@code
 * add_weighted_adapter} does it.
 *
 * <pre>{@code
 * linear   A = sum sign(w s) sqrt|w s| A_i,  B = sum sqrt|w s| B_i      cross terms B_i A_j
 * cat      A = [w s A_i below each other],   B = [B_i beside each other]     exact
 * svd      sum w s B_i A_i = U S V^T,  B = U_r S_r,  A = V_r^T               exact to rank r
 * IA3      l = sum w l_i
 * }</pre>
 *
 * <p>{@code ties}, {@code dare} and {@code magnitude_prune} first thin the values out, and TIES
 * lets the adapters vote on signs. The result of LoRA has scale 1. Factors of a lower rank than the
 * result get zeros, so that every layer has the rank that the settings say.
 *
 * <p>Differs from PEFT: the result never has {@code use_rslora}, with which PEFT's result is {@code
 * sqrt(r)} times too large; layers of unequal ranks within an adapter give a directory that can be
 * loaded; modules that one adapter saves whole are kept.
 *
 * @see <a href="https://arxiv.org/abs/2212.04089">Ilharco et al., Task arithmetic, 2022</a>
 * @see <a href="https://arxiv.org/abs/2306.01708">Yadav et al., TIES, 2023, section 3</a>
 * @see <a href="https://arxiv.org/abs/2311.03099">Yu et al., DARE, 2023, section 3</a>
 */
public final class AdapterCombination {

    private final ModelFiles model;
    private final List<SavedAdapter> adapters;
    private final List<Double> weights;

    private AdapterCombination(
            ModelFiles model, List<SavedAdapter> adapters, List<Double> weights) {
        this.model = model;
        this.adapters = adapters;
        this.weights = weights;
    }

    /**
     * An adapter to combine.
     *
     * @param adapter a PEFT directory
     * @param weight finite; may be negative
     */
    public record Weighted(Path adapter, double weight) {
        public Weighted {
            if (!Double.isFinite(weight)) {
                throw new IllegalArgumentException(
                        "Weight (" + weight + ") of " + adapter + " must be finite.");
            }
        }
    }

    /**
     * Combines adapters.
     *
     * @param model the base's directory
     * @param adapters at least one; the settings are the first one's
     * @param output a directory, made if need be
     * @return what of the adapters' settings is ignored; usually empty
     * @throws IllegalArgumentException if something is missing, broken or not supported, or the
     *     adapters do not fit the model or each other
     * @throws IOException if reading or writing fails
     */
    public static List<String> combine(
            Path model, List<Weighted> adapters, CombinationConfig config, Path output)
            throws IOException {
        if (adapters.isEmpty()) {
            throw new IllegalArgumentException("Adapters [] must be at least one.");
        }
        List<SavedAdapter> read = new ArrayList<>();
        for (Weighted weighted : adapters) {
            read.add(SavedAdapter.read(weighted.adapter()));
        }
        var weights = adapters.stream().map(Weighted::weight).toList();
        new AdapterCombination(ModelFiles.open(model), read, weights).into(output, config);
        return read.stream().flatMap(adapter -> adapter.notes().stream()).toList();
    }

    private void into(Path output, CombinationConfig config) throws IOException {
        Class<?> method = adapters.get(0).config().getClass();
        for (SavedAdapter adapter : adapters) {
            if (!(adapter.config() instanceof LoraConfig)
                    && !(adapter.config() instanceof Ia3Config)) {
                throw new IllegalArgumentException(
                        "Adapter "
                                + adapter.path()
                                + ": peft_type ("
                                + adapter.type()
                                + ") must be LORA or IA3 to be combined.");
            }
            if (!method.isInstance(adapter.config())) {
                throw new IllegalArgumentException(
                        "Adapters must be of one method; "
                                + adapter.path()
                                + " is not of the method of "
                                + adapters.get(0).path()
                                + ".");
            }
        }
        boolean lora = method.equals(LoraConfig.class);
        var tensors = whole();
        String settings = lora ? lora(config, tensors) : ia3(config, tensors);
        Files.createDirectories(output);
        SafetensorsWriter.write(
                output.resolve(PeftDirectory.TENSORS), tensors.values(), Map.of("format", "pt"));
        DurableFile.write(
                output.resolve(PeftDirectory.CONFIG), settings.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Tensors that replace the base's cannot be combined: all adapters that have one have the same.
     */
    private Map<String, TensorView> whole() {
        var tensors = new TreeMap<String, TensorView>();
        var owners = new TreeMap<String, SavedAdapter>();
        for (SavedAdapter adapter : adapters) {
            adapter.whole()
                    .forEach(
                            (name, tensor) -> {
                                SavedAdapter other = owners.put(name, adapter);
                                if (other != null && !same(other.whole().get(name), tensor)) {
                                    throw new IllegalArgumentException(
                                            "Tensor "
                                                    + name
                                                    + " is saved whole in "
                                                    + other.path()
                                                    + " and "
                                                    + adapter.path()
                                                    + ", must be in one of them at most, or the"
                                                    + " same: such modules cannot be combined.");
                                }
                                tensors.put(tensor.name(), tensor);
                            });
        }
        return tensors;
    }

    /** PEFT saves weights of the base that are those of a target. */
    private static boolean same(TensorView a, TensorView b) {
        return a.shape().equals(b.shape()) && a.data().equals(b.data());
    }

    private String lora(CombinationConfig asked, Map<String, TensorView> tensors) {
        // as in PEFT: one adapter is only scaled
        CombinationConfig config =
                adapters.size() == 1 ? asked.withType(CombinationType.LINEAR) : asked;
        int rank = rank(config);
        Set<String> modules = new TreeSet<>();
        adapters.forEach(adapter -> modules.addAll(adapter.modules()));
        String settings = CombinedSettings.lora(adapters, modules, rank);
        try (var combiner = new LayerCombiner(config)) {
            for (String module : modules) {
                var layers = layers(module);
                refuseUnequal(config, module, layers);
                var factors = combiner.combine(layers, isTransposed(module), rank);
                for (TensorView tensor : List.of(factors.a(), factors.b())) {
                    tensors.put(tensor.name(), tensor);
                }
            }
        }
        return settings;
    }

    private int rank(CombinationConfig config) {
        List<Integer> ranks = new ArrayList<>();
        for (SavedAdapter adapter : adapters) {
            ranks.add(((LoraConfig) adapter.config()).ranks().largest());
            for (String module : adapter.modules()) {
                LoraLayer layer = adapter.change(module, LoraLayer.class);
                if (layer.magnitude().isPresent() || layer.biasOfB().isPresent()) {
                    throw new IllegalArgumentException(
                            "Adapter "
                                    + adapter.path()
                                    + " has "
                                    + (layer.biasOfB().isPresent() ? "lora_bias" : "use_dora")
                                    + ", must be plain LoRA: such adapters cannot be combined.");
                }
            }
        }
        return switch (config.type().split()) {
            case FACTORS -> {
                if (new TreeSet<>(ranks).size() > 1) {
                    throw new IllegalArgumentException(
                            "Ranks "
                                    + ranks
                                    + " must be equal for "
                                    + config.type().peftName()
                                    + ". Maybe use svd or cat.");
                }
                yield ranks.get(0);
            }
            case CONCATENATED -> ranks.stream().reduce(0, Math::addExact);
            case SVD -> config.svdRank().orElse(ranks.stream().reduce(1, Math::max));
        };
    }

    private List<LayerCombiner.Weighted> layers(String module) {
        List<LayerCombiner.Weighted> layers = new ArrayList<>();
        for (int i = 0; i < adapters.size(); i++) {
            LoraLayer layer = adapters.get(i).change(module, LoraLayer.class);
            if (layer != null) {
                layers.add(new LayerCombiner.Weighted(layer, weights.get(i)));
            }
        }
        return layers;
    }

    private static void refuseUnequal(
            CombinationConfig config, String module, List<LayerCombiner.Weighted> layers) {
        var shapes =
                layers.stream()
                        .map(LayerCombiner.Weighted::layer)
                        .map(l -> List.of(l.rank(), l.in(), l.out(), l.embedding()))
                        .distinct()
                        .toList();
        boolean ranksMayDiffer = config.type().split() != CombinationType.Split.FACTORS;
        var kinds = shapes.stream().map(s -> ranksMayDiffer ? s.subList(1, 4) : s).distinct();
        if (kinds.count() > 1) {
            throw new IllegalArgumentException(
                    "Layer "
                            + module
                            + " has [rank, in, out, embedding] "
                            + shapes
                            + ", must have the same in all adapters"
                            + (ranksMayDiffer ? "." : " for " + config.type().peftName() + "."));
        }
    }

    private boolean isTransposed(String module) {
        for (SavedAdapter adapter : adapters) {
            LoraLayer layer = adapter.change(module, LoraLayer.class);
            if (layer != null) {
                return layer.embedding() || model.isTransposed(module, layer.out(), layer.in());
            }
        }
        throw new IllegalStateException(module);
    }

    private String ia3(CombinationConfig config, Map<String, TensorView> tensors) {
        if (config.type() != CombinationType.LINEAR) {
            throw new IllegalArgumentException(
                    "combine.type ("
                            + config.type().peftName()
                            + ") must be linear for IA3, whose vectors have no factors and no"
                            + " signs of changes.");
        }
        Set<String> modules = new TreeSet<>();
        adapters.forEach(adapter -> modules.addAll(adapter.modules()));
        for (String module : modules) {
            model.weight(module);
            TensorView sum = null;
            for (int i = 0; i < adapters.size(); i++) {
                Ia3Layer layer = adapters.get(i).change(module, Ia3Layer.class);
                if (layer != null) {
                    sum = sum(sum, layer.vector(), weights.get(i).floatValue());
                }
            }
            tensors.put(Objects.requireNonNull(sum).name(), sum);
        }
        return CombinedSettings.ia3(adapters, modules);
    }

    private static TensorView sum(TensorView sum, TensorView vector, float weight) {
        if (sum != null && !sum.shape().equals(vector.shape())) {
            throw new IllegalArgumentException(
                    "Tensor "
                            + vector.name()
                            + " has shapes "
                            + List.of(sum.shape(), vector.shape())
                            + ", must have one. Maybe feedforward_modules differ.");
        }
        float[] values = vector.toFloats();
        float[] before = sum == null ? new float[values.length] : sum.toFloats();
        for (int i = 0; i < values.length; i++) {
            before[i] += values[i] * weight;
        }
        return TensorView.of(vector.name(), before, vector.dimensions());
    }
}
