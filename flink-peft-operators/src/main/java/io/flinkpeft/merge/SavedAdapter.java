package io.flinkpeft.merge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.method.JsonValues;
import io.flinkpeft.method.PeftAdapter;
import io.flinkpeft.method.TargetModules;
import io.flinkpeft.method.TargetModulesJson;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.method.lora.Initialisation;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.safetensors.DType;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An adapter of PEFT as its files have it: LoRA, rsLoRA, DoRA, AdaLoRA or IA3, whatever the
 * architecture.
 *
 * @param path where it was read
 * @param config the settings, as they are
 * @param warnings what of them is ignored; usually empty
 * @param labels of its head, in the order of its logits; empty if its files do not name them
 * @param lora the LoRA layers by module
 * @param adalora the AdaLoRA layers by module
 * @param ia3 the IA3 vectors by module
 * @param whole tensors that replace the base's, by their name in the model: modules that are saved
 *     whole, and biases
 */
record SavedAdapter(
        Path path,
        JsonNode config,
        List<String> warnings,
        List<String> labels,
        SortedMap<String, LoraLayer> lora,
        SortedMap<String, AdaLoraLayer> adalora,
        SortedMap<String, TensorView> ia3,
        SortedMap<String, TensorView> whole) {

    static final String LORA = "LORA";
    static final String IA3 = "IA3";
    static final String ADALORA = "ADALORA";
    static final String A = ".lora_A.weight";
    static final String B = ".lora_B.weight";
    static final String EMBEDDING_A = ".lora_embedding_A";
    static final String EMBEDDING_B = ".lora_embedding_B";
    static final String VECTOR = ".ia3_l";

    private static final String B_BIAS = ".lora_B.bias";
    private static final String MAGNITUDE = ".lora_magnitude_vector";

    private static final List<String> TYPES = List.of(LORA, ADALORA, IA3);
    private static final List<DType> FLOATS = List.of(DType.F16, DType.BF16, DType.F32, DType.F64);

    /** Parts of names that only methods have which are not supported here. */
    private static final List<String> FOREIGN = List.of(".lora_", "token_adapter", "trainable_");

    SavedAdapter {
        if (lora.isEmpty() && adalora.isEmpty() && ia3.isEmpty()) {
            throw new IllegalArgumentException("The tensors must change at least one layer.");
        }
    }

    /**
     * Reads a directory.
     *
     * @throws IllegalArgumentException if something is missing, broken or not supported
     */
    static SavedAdapter read(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("Adapter (" + directory + ") must be a directory.");
        }
        var files = PeftDirectory.readFiles(directory);
        try {
            JsonNode config = new ObjectMapper().readTree(files.config());
            SavedAdapter saved = of(directory, files, config, check(config));
            CompleteAdapter.requireMeant(saved);
            return saved;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "Adapter "
                            + directory
                            + ": "
                            + PeftDirectory.CONFIG
                            + " must be JSON: "
                            + e.getOriginalMessage(),
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Adapter " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * What predictions refuse is refused here, too.
     *
     * @return what is ignored
     */
    private static List<String> check(JsonNode config) {
        String type = type(config);
        if (!TYPES.contains(type)) {
            throw new IllegalArgumentException(
                    "peft_type (" + type + ") must be one of " + TYPES + ".");
        }
        PeftConfigJson.Contents contents = PeftConfigJson.read(config.toString());
        if (contents.config() instanceof LoraConfig settings
                && settings.initialisation() == Initialisation.PISSA) {
            throw new IllegalArgumentException(
                    "init_lora_weights (pissa) must be one that leaves the base as it is. Maybe"
                            + " convert the adapter with PEFT's"
                            + " path_initial_model_for_weight_conversion.");
        }
        return contents.warnings();
    }

    private static SavedAdapter of(
            Path path, PeftDirectory.RawFiles files, JsonNode config, List<String> warnings) {
        var tensors = new TreeMap<String, TensorView>();
        List<String> labels = files.labels();
        files.tensors().forEach((name, tensor) -> tensors.put(withoutPrefix(name), floats(tensor)));
        if (type(config).equals(ADALORA)) {
            var settings = (AdaLoraConfig) PeftConfigJson.read(files.config()).config();
            var layers = AdaLoraLayer.take(settings, tensors);
            return new SavedAdapter(
                    path,
                    config,
                    warnings,
                    labels,
                    new TreeMap<>(),
                    layers,
                    new TreeMap<>(),
                    whole(tensors));
        }
        var lora = new TreeMap<String, LoraLayer>();
        var ia3 = new TreeMap<String, TensorView>();
        for (String name : List.copyOf(tensors.keySet())) {
            if (name.endsWith(A)) {
                String module = cut(name, A);
                lora.put(module, layer(module, false, config, tensors));
            } else if (name.endsWith(EMBEDDING_A)) {
                String module = cut(name, EMBEDDING_A);
                lora.put(module, layer(module, true, config, tensors));
            } else if (name.endsWith(VECTOR)) {
                ia3.put(cut(name, VECTOR), tensors.remove(name));
            }
        }
        return new SavedAdapter(
                path, config, warnings, labels, lora, new TreeMap<>(), ia3, whole(tensors));
    }

    private static String withoutPrefix(String name) {
        if (!name.startsWith(PeftAdapter.PREFIX)) {
            throw new IllegalArgumentException(
                    "Tensor " + name + " must start with " + PeftAdapter.PREFIX + ".");
        }
        return name.substring(PeftAdapter.PREFIX.length());
    }

    private static TensorView floats(TensorView tensor) {
        if (!FLOATS.contains(tensor.dtype())) {
            throw new IllegalArgumentException(
                    "Tensor "
                            + tensor.name()
                            + " has type "
                            + tensor.dtype()
                            + ", must have one of "
                            + FLOATS
                            + ".");
        }
        return tensor;
    }

    private static String cut(String name, String suffix) {
        return name.substring(0, name.length() - suffix.length());
    }

    private static LoraLayer layer(
            String module, boolean embedding, JsonNode config, Map<String, TensorView> from) {
        LoraSettings settings = LoraSettings.of(config);
        TensorView a = from.remove(module + (embedding ? EMBEDDING_A : A));
        TensorView b = from.remove(module + (embedding ? EMBEDDING_B : B));
        if (b == null) {
            throw new IllegalArgumentException("Layer " + module + " must have B beside A.");
        }
        var layer =
                new LoraLayer(
                        module,
                        embedding,
                        a,
                        b,
                        Optional.ofNullable(from.remove(module + B_BIAS)),
                        Optional.ofNullable(from.remove(module + MAGNITUDE)),
                        settings.scaleOf(module));
        checkParts(layer, config);
        if (layer.rank() != settings.rankOf(module)) {
            throw new IllegalArgumentException(
                    "Layer "
                            + module
                            + " has rank "
                            + layer.rank()
                            + ", must have "
                            + settings.rankOf(module)
                            + ", as the settings say.");
        }
        return layer;
    }

    /** What the settings ask for must be there, and nothing else: PEFT would not read it. */
    private static void checkParts(LoraLayer layer, JsonNode config) {
        boolean bias = config.path("lora_bias").asBoolean();
        checkPart(layer, MAGNITUDE, layer.magnitude().isPresent(), "use_dora", dora(config));
        if (!layer.embedding()) {
            checkPart(layer, B_BIAS, layer.bias().isPresent(), "lora_bias", bias);
        }
    }

    private static boolean dora(JsonNode config) {
        return config.path("use_dora").asBoolean();
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

    /** What is left replaces tensors of the base. */
    private static SortedMap<String, TensorView> whole(Map<String, TensorView> left) {
        var whole = new TreeMap<String, TensorView>();
        left.forEach(
                (name, tensor) -> {
                    if (FOREIGN.stream().anyMatch(name::contains)) {
                        throw new IllegalArgumentException(
                                "Tensor " + name + " must belong to LoRA, DoRA, AdaLoRA or IA3.");
                    }
                    // of a head with all biases saved, PEFT keeps the original beside the trained
                    if (!name.contains(".original_module.")) {
                        String own = name.replace(".base_layer.", ".");
                        whole.put(own.replace(".modules_to_save.", "."), tensor);
                    }
                });
        return whole;
    }

    private static String type(JsonNode config) {
        return config.path("peft_type").asText();
    }

    /** PEFT's name of the method. */
    String type() {
        return type(config);
    }

    boolean isLora() {
        return type().equals(LORA);
    }

    /** What of its settings is ignored, a line each. */
    List<String> notes() {
        return warnings.stream().map(warning -> "Adapter " + path + ": " + warning).toList();
    }

    /** The modules that it changes. */
    SortedSet<String> modules() {
        var modules = new TreeSet<>(lora.keySet());
        modules.addAll(adalora.keySet());
        modules.addAll(ia3.keySet());
        return modules;
    }

    /** The layers that its settings mean. */
    TargetModules targets() {
        return TargetModulesJson.read(JsonValues.parse(config.toString()));
    }

    /** The names of modules that its settings save whole. */
    List<String> modulesToSave() {
        return JsonValues.parse(config.toString()).texts("modules_to_save");
    }

    /** The heads that PEFT saves whole for its task, whatever its settings say. */
    List<String> taskHeads() {
        String task = config.path("task_type").asText();
        return Arrays.stream(TaskType.values())
                .filter(type -> type.name().equals(task))
                .flatMap(type -> type.heads().stream())
                .toList();
    }

    /** Whether a tensor is of a module that its settings save whole. */
    boolean saves(TensorView tensor) {
        return modulesToSave().stream()
                .anyMatch(name -> ("." + tensor.name()).contains("." + name + "."));
    }

    LoraSettings loraSettings() {
        return LoraSettings.of(config);
    }
}
