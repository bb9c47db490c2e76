package io.flinkpeft.method.adapterhub;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.bottleneck.HubFiles;
import io.flinkpeft.method.bottleneck.HubJson;
import io.flinkpeft.method.bottleneck.HubModel;
import io.flinkpeft.method.codec.AdapterFiles;
import io.flinkpeft.method.codec.PythonJson;
import io.flinkpeft.method.fusion.FusionConfig;
import io.flinkpeft.method.fusion.FusionKeys;
import io.flinkpeft.safetensors.DurableFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes directories as AdapterHub's library reads them with {@code use_safetensors=True}. What
 * stands on frozen adapters is written as a setup, with copies of them.
 *
 * @param model the base
 */
public record AdapterHubWriter(HubModel model) {

    private static final Map<String, String> METADATA = Map.of("format", "pt");

    /**
     * Writes an adapter.
     *
     * @param directory is made if need be
     * @param tensors of the adapter, without a head's
     * @throws IllegalArgumentException if AdapterHub has no such method
     * @throws IOException if writing fails
     */
    public void write(Path directory, PeftConfig config, Collection<TensorView> tensors)
            throws IOException {
        if (config instanceof BottleneckConfig adapter) {
            write(directory, adapter, tensors);
        } else if (config instanceof FusionConfig fusion) {
            write(directory, fusion, tensors);
        } else {
            throw new IllegalArgumentException(
                    "peft_type ("
                            + config.peftType()
                            + ") must be BOTTLENECK or ADAPTER_FUSION for AdapterHub's files."
                            + " Maybe write PEFT's.");
        }
    }

    private void write(Path directory, BottleneckConfig adapter, Collection<TensorView> tensors)
            throws IOException {
        if (adapter.beneath().isEmpty()) {
            writeAdapter(directory, adapter, tensors);
            return;
        }
        var names = new ArrayList<>(copy(directory, adapter.beneath()));
        names.add(adapter.name());
        writeAdapter(directory.resolve(adapter.name()), adapter, tensors);
        text(directory, HubFiles.SETUP, new HubSetup(HubSetup.STACK, names).write());
    }

    private void write(Path directory, FusionConfig fusion, Collection<TensorView> tensors)
            throws IOException {
        var setup = new HubSetup(HubSetup.FUSE, copy(directory, fusion.adapters()));
        Path own = directory.resolve(setup.joined());
        Files.createDirectories(own);
        List<TensorView> saved =
                tensors.stream()
                        .filter(tensor -> !tensor.name().equals(FusionConfig.TEMPERATURE))
                        .toList();
        SafetensorsWriter.write(own.resolve(HubFiles.FUSION_TENSORS), prefixed(saved), METADATA);
        var settings = new TreeMap<String, Object>();
        FusionKeys.write(fusion, settings);
        text(own, HubFiles.FUSION_CONFIG, PythonJson.write(model.json(setup.joined(), settings)));
        text(directory, HubFiles.SETUP, setup.write());
    }

    private void writeAdapter(
            Path directory, BottleneckConfig adapter, Collection<TensorView> tensors)
            throws IOException {
        Files.createDirectories(directory);
        SafetensorsWriter.write(directory.resolve(HubFiles.TENSORS), prefixed(tensors), METADATA);
        text(directory, HubFiles.CONFIG, HubJson.write(adapter, model));
    }

    private List<String> copy(Path directory, List<FrozenAdapter> adapters) throws IOException {
        for (FrozenAdapter adapter : adapters) {
            String own = "adapters." + adapter.name() + ".";
            List<TensorView> tensors =
                    AdapterFiles.tensors(Path.of(adapter.file())).tensors().values().stream()
                            .filter(tensor -> tensor.name().contains(own))
                            .toList();
            writeAdapter(directory.resolve(adapter.name()), adapter.config(), tensors);
        }
        return adapters.stream().map(FrozenAdapter::name).toList();
    }

    private List<TensorView> prefixed(Collection<TensorView> tensors) {
        return tensors.stream()
                .map(
                        tensor ->
                                tensor.name().startsWith(model.prefix())
                                        ? tensor
                                        : tensor.named(model.prefix() + tensor.name()))
                .toList();
    }

    /**
     * Writes the head of a model of transformers beside an adapter.
     *
     * @param labels in the order of the logits
     * @throws IOException if writing fails
     */
    public void writeHead(Path directory, Collection<TensorView> tensors, List<String> labels)
            throws IOException {
        SafetensorsWriter.write(directory.resolve(HubFiles.HEAD_TENSORS), tensors, METADATA);
        text(directory, HubFiles.HEAD_CONFIG, PythonJson.write(HubHead.json(model, labels)));
    }

    /** The files that it writes, apart from directories of other adapters. */
    public static List<String> files() {
        return List.of(
                HubFiles.CONFIG,
                HubFiles.TENSORS,
                HubFiles.HEAD_CONFIG,
                HubFiles.HEAD_TENSORS,
                HubFiles.SETUP);
    }

    private static void text(Path directory, String name, String json) throws IOException {
        DurableFile.write(directory.resolve(name), json.getBytes(StandardCharsets.UTF_8));
    }
}
