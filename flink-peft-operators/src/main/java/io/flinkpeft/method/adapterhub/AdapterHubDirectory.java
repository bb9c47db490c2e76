package io.flinkpeft.method.adapterhub;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.bottleneck.AdapterName;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.bottleneck.HubFiles;
import io.flinkpeft.method.bottleneck.HubJson;
import io.flinkpeft.method.codec.AdapterFiles;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.PeftAdapter;
import io.flinkpeft.method.fusion.FusionConfig;
import io.flinkpeft.method.fusion.FusionKeys;
import io.flinkpeft.method.fusion.FusionOption;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Directories of AdapterHub's library in their safetensors form: an adapter ({@code
 * adapter_config.json}, {@code adapter.safetensors}), a fusion ({@code adapter_fusion_config.json},
 * {@code model_adapter_fusion.safetensors}; its adapters in directories beside it), a setup of
 * several ({@code adapter_setup.json}), and a head with each of them ({@code head_config.json},
 * {@code model_head.safetensors}).
 */
public final class AdapterHubDirectory {

    private AdapterHubDirectory() {}

    /**
     * What a directory holds.
     *
     * @param adapter with the tensors of its head, if it has one
     * @param labels of the head, in the order of the logits; empty if it does not say
     */
    public record Contents(PeftAdapter adapter, List<String> labels) {
        public Contents {
            labels = List.copyOf(labels);
        }
    }

    /**
     * Whether a directory is AdapterHub's, not PEFT's.
     *
     * @throws IllegalArgumentException if its settings are no JSON object
     * @throws IOException if reading fails
     */
    public static boolean is(Path directory) throws IOException {
        Path config = directory.resolve(HubFiles.CONFIG);
        return Files.exists(directory.resolve(HubFiles.SETUP))
                || Files.exists(directory.resolve(HubFiles.FUSION_CONFIG))
                || Files.exists(config) && describes(AdapterFiles.text(config));
    }

    /**
     * Whether settings are AdapterHub's, not PEFT's.
     *
     * @throws IllegalArgumentException if they are no JSON object
     */
    public static boolean describes(String json) {
        return HubJson.describes(JsonValues.parse(json));
    }

    /**
     * The settings of an adapter.
     *
     * @param json AdapterHub's {@code adapter_config.json}
     * @throws IllegalArgumentException if it is broken or asks for what is not supported
     */
    public static BottleneckConfig config(String json) {
        return HubJson.read(JsonValues.parse(json));
    }

    /**
     * Reads a directory. Whether it fits a base model turns out when it is loaded.
     *
     * @throws IllegalArgumentException if something is missing, broken or not supported
     * @throws IOException if reading fails
     */
    public static Contents read(Path directory) throws IOException {
        try {
            if (Files.exists(directory.resolve(HubFiles.SETUP))) {
                return setup(directory);
            }
            return Files.exists(directory.resolve(HubFiles.FUSION_CONFIG))
                    ? fusion(directory, directory)
                    : adapter(directory, List.of(), directory);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Adapter " + directory + ": " + e.getMessage(), e);
        }
    }

    private static Contents setup(Path directory) throws IOException {
        HubSetup setup = HubSetup.read(directory);
        List<String> names = setup.names();
        if (setup.type().equals(HubSetup.FUSE)) {
            return fusion(directory.resolve(setup.joined()), directory);
        }
        List<FrozenAdapter> beneath = frozen(directory, names.subList(0, names.size() - 1));
        return adapter(directory.resolve(names.get(names.size() - 1)), beneath, directory);
    }

    private static List<FrozenAdapter> frozen(Path parent, List<String> names) {
        return names.stream().map(parent::resolve).map(FrozenAdapter::of).toList();
    }

    private static Contents adapter(Path directory, List<FrozenAdapter> beneath, Path heads)
            throws IOException {
        JsonValues values = JsonValues.parse(AdapterFiles.text(directory.resolve(HubFiles.CONFIG)));
        Path tensors = HubFiles.tensors(directory);
        BottleneckConfig config =
                HubJson.read(values, tensors).on(beneath.toArray(FrozenAdapter[]::new));
        return contents(config, values, tensors, head(directory, heads));
    }

    private static Contents fusion(Path directory, Path heads) throws IOException {
        JsonValues values =
                JsonValues.parse(AdapterFiles.text(directory.resolve(HubFiles.FUSION_CONFIG)));
        List<String> names = List.of(values.text("name", "").split(","));
        names.forEach(AdapterName::check);
        Path parent = directory.toAbsolutePath().normalize().getParent();
        FusionConfig config = FusionKeys.read(values.object("config"), frozen(parent, names));
        Path tensors = HubFiles.fusionTensors(directory);
        return withTemperature(config, contents(config, values, tensors, head(directory, heads)));
    }

    /** AdapterHub saves no temperature: what predicts has the one that training ends with. */
    private static Contents withTemperature(FusionConfig config, Contents contents) {
        if (!config.has(FusionOption.TEMPERATURE)) {
            return contents;
        }
        var tensors = new ArrayList<>(contents.adapter().tensors().values());
        tensors.add(TensorView.of(FusionConfig.TEMPERATURE, new float[] {1}, 1));
        PeftAdapter own = contents.adapter();
        return new Contents(
                PeftAdapter.of(own.config(), own.baseModelName(), tensors), contents.labels());
    }

    /** A head stands with the adapter, or with the setup. */
    private static Optional<HubHead> head(Path directory, Path setup) throws IOException {
        Optional<HubHead> own = HubHead.in(directory);
        return own.isPresent() ? own : HubHead.in(setup);
    }

    private static Contents contents(
            PeftConfig config, JsonValues values, Path file, Optional<HubHead> head)
            throws IOException {
        Map<String, TensorView> adapter = AdapterFiles.tensors(file).tensors();
        var tensors = new ArrayList<>(adapter.values());
        head.ifPresent(own -> tensors.addAll(own.tensors().values()));
        TaskType task = head.map(HubHead::task).orElse(TaskType.UNSPECIFIED);
        return new Contents(
                PeftAdapter.of(config.withTaskType(task), values.text("model_name", ""), tensors),
                head.map(HubHead::labels).orElse(List.of()));
    }
}
