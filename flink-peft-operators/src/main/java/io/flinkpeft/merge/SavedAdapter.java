package io.flinkpeft.merge;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.Mergeable;
import io.flinkpeft.method.codec.PeftAdapter;
import io.flinkpeft.method.codec.WeightChange;
import io.flinkpeft.method.file.PeftCodecs;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.method.targets.TargetModulesJson;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An adapter of PEFT as its files have it, whatever the architecture; of a method that can be
 * merged.
 *
 * @param path where it was read
 * @param json the settings, as they are
 * @param config the settings, as the method's codec reads them
 * @param warnings what of them is ignored; usually empty
 * @param labels of its head, in the order of its logits; empty if its files do not name them
 * @param changes of layers, by module
 * @param whole tensors that replace the base's, by their name in the model: modules that are saved
 *     whole, and biases
 */
record SavedAdapter(
        Path path,
        JsonValues json,
        PeftConfig config,
        List<String> warnings,
        List<String> labels,
        SortedMap<String, WeightChange> changes,
        SortedMap<String, TensorView> whole) {

    /** Parts of names that only methods have which are not supported here. */
    private static final List<String> FOREIGN = List.of(".lora_", "token_adapter", "trainable_");

    SavedAdapter {
        if (changes.isEmpty()) {
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
            SavedAdapter saved = of(directory, files);
            CompleteAdapter.requireMeant(saved);
            return saved;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Adapter " + directory + ": " + e.getMessage(), e);
        }
    }

    private static SavedAdapter of(Path path, PeftDirectory.RawFiles files) {
        PeftConfigJson.Contents contents = PeftConfigJson.readMergeable(files.config());
        PeftConfig config = contents.config();
        var adapter = PeftAdapter.of(config, contents.baseModelName(), files.tensors().values());
        var tensors = new TreeMap<String, TensorView>();
        adapter.tensors().forEach((name, tensor) -> tensors.put(withoutPrefix(name), tensor));
        var changes = new TreeMap<String, WeightChange>();
        codec(config)
                .takeChanges(config, tensors)
                .forEach(change -> changes.put(change.module(), change));
        return new SavedAdapter(
                path,
                PeftConfigJson.parse(files.config()),
                config,
                contents.warnings(),
                files.labels(),
                changes,
                whole(tensors));
    }

    private static Mergeable codec(PeftConfig config) {
        return PeftCodecs.mergeable(config.peftType());
    }

    private static String withoutPrefix(String name) {
        if (!name.startsWith(PeftAdapter.PREFIX)) {
            throw new IllegalArgumentException(
                    "Tensor " + name + " must start with " + PeftAdapter.PREFIX + ".");
        }
        return name.substring(PeftAdapter.PREFIX.length());
    }

    /** What is left replaces tensors of the base. */
    private static SortedMap<String, TensorView> whole(Map<String, TensorView> left) {
        List<String> foreign =
                Stream.concat(
                                FOREIGN.stream(),
                                PeftCodecs.parameters().stream().map(name -> "." + name))
                        .toList();
        var whole = new TreeMap<String, TensorView>();
        left.forEach(
                (name, tensor) -> {
                    if (foreign.stream().anyMatch(name::contains)) {
                        throw new IllegalArgumentException(
                                "Tensor " + name + " must belong to LoRA, DoRA, AdaLoRA or IA3.");
                    }
                    // of a head with all biases saved, PEFT keeps the original beside the trained
                    if (!name.contains(".original_module.") && !isRepeated(name, left.keySet())) {
                        String own = name.replace(".base_layer.", ".");
                        whole.put(own.replace(".modules_to_save.", "."), tensor);
                    }
                });
        return whole;
    }

    /**
     * Whether a module that is saved whole has a tensor by its plain name too, which PEFT reads
     * back: {@code classifier.modules_to_save.default.dense.bias} beside {@code
     * classifier.dense.bias}.
     */
    private static boolean isRepeated(String name, Set<String> names) {
        String[] parts = name.split("\\.modules_to_save\\.", 2);
        return parts.length == 2
                && (names.contains(parts[0] + "." + parts[1])
                        || names.contains(parts[0] + "." + parts[1].replaceFirst("^[^.]+\\.", "")));
    }

    /** PEFT's name of the method. */
    String type() {
        return config.peftType();
    }

    /** The change of a layer, if it is of this kind; null if there is none. */
    <T extends WeightChange> T change(String module, Class<T> kind) {
        return kind.cast(changes.get(module));
    }

    /** What of its settings is ignored, a line each. */
    List<String> notes() {
        return warnings.stream().map(warning -> "Adapter " + path + ": " + warning).toList();
    }

    /** The modules that it changes. */
    SortedSet<String> modules() {
        return new TreeSet<>(changes.keySet());
    }

    /** The layers that its settings mean. */
    TargetModules targets() {
        return TargetModulesJson.read(json);
    }

    /** PEFT's name of its task; empty if its settings name none. */
    String task() {
        return json.text("task_type", "");
    }

    /** The names of modules that its settings save whole. */
    List<String> modulesToSave() {
        return json.texts("modules_to_save");
    }

    /** The heads that PEFT saves whole for its task, whatever its settings say. */
    List<String> taskHeads() {
        return Arrays.stream(TaskType.values())
                .filter(type -> type.name().equals(task()))
                .flatMap(type -> type.heads().stream())
                .toList();
    }

    /** Whether a tensor is of a module that its settings save whole. */
    boolean saves(TensorView tensor) {
        return modulesToSave().stream()
                .anyMatch(name -> ("." + tensor.name()).contains("." + name + "."));
    }
}
