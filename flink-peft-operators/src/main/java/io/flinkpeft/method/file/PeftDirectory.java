package io.flinkpeft.method.file;

import io.flinkpeft.method.codec.AdapterFiles;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.PeftAdapter;
import io.flinkpeft.safetensors.DurableFile;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A directory with an adapter, as PEFT's {@code save_pretrained} makes it and {@code
 * PeftModel.from_pretrained} loads it: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}.
 */
public final class PeftDirectory {

    /** The file with the settings. */
    public static final String CONFIG = "adapter_config.json";

    /** The file with the tensors. */
    public static final String TENSORS = "adapter_model.safetensors";

    /** The key of labels in the metadata of the file with the tensors. */
    public static final String LABELS = "labels";

    private static final String PICKLE = "adapter_model.bin";

    private PeftDirectory() {}

    /**
     * What a directory holds.
     *
     * @param adapter the adapter, its tensors in memory
     * @param warnings what was ignored; usually empty
     * @param metadata of the file with the tensors, which PEFT does not read
     */
    public record Contents(
            PeftAdapter adapter, List<String> warnings, Map<String, String> metadata) {
        public Contents {
            warnings = List.copyOf(warnings);
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * The two files of a directory as they are, whatever the method.
     *
     * @param config the settings, JSON
     * @param tensors by PEFT's names, in memory
     * @param metadata of the file with the tensors
     */
    public record RawFiles(
            String config, Map<String, TensorView> tensors, Map<String, String> metadata) {

        /** The labels of a head, in the order of its logits; empty if the file does not say. */
        public List<String> labels() {
            return PeftDirectory.labels(metadata);
        }
    }

    /**
     * Reads a directory. Whether its tensors fit a base model says {@link PeftAdapter#checked}.
     *
     * @throws IllegalArgumentException if something is missing, broken or not supported
     * @throws IOException if reading fails
     */
    public static Contents read(Path directory) throws IOException {
        String config = config(directory);
        byte[] tensors = AdapterFiles.bytes(tensors(directory));
        try {
            var contents = PeftConfigJson.read(config);
            RawFiles files = files(config, tensors);
            var adapter =
                    PeftAdapter.of(
                            contents.config(), contents.baseModelName(), files.tensors().values());
            return new Contents(adapter, contents.warnings(), files.metadata());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Adapter " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a directory without a look at what its settings say.
     *
     * @throws IllegalArgumentException if a file is missing, or the tensors are broken
     * @throws IOException if reading fails
     */
    public static RawFiles readFiles(Path directory) throws IOException {
        String config = config(directory);
        byte[] tensors = AdapterFiles.bytes(tensors(directory));
        try {
            return files(config, tensors);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Adapter " + directory + ": " + e.getMessage(), e);
        }
    }

    private static RawFiles files(String config, byte[] tensors) {
        SafetensorsFile file = AdapterFiles.tensors(tensors);
        var byName = AdapterNames.leaveOut(file.tensors().values());
        return new RawFiles(config, byName, file.metadata());
    }

    private static String config(Path directory) throws IOException {
        refuseSeveral(directory);
        return AdapterFiles.text(directory.resolve(CONFIG));
    }

    /** Of a model with several adapters PEFT writes a directory each, but for the default one. */
    private static void refuseSeveral(Path directory) throws IOException {
        if (Files.exists(directory.resolve(CONFIG)) || !Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> children = Files.list(directory)) {
            List<Path> adapters =
                    children.filter(child -> Files.exists(child.resolve(CONFIG)))
                            .map(Path::getFileName)
                            .sorted()
                            .toList();
            if (!adapters.isEmpty()) {
                throw new IllegalArgumentException(
                        "Adapter "
                                + directory
                                + " must hold "
                                + CONFIG
                                + ". Maybe use one of its directories "
                                + adapters
                                + ".");
            }
        }
    }

    /**
     * The labels of a head that stand beside the tensors, a JSON array; empty if they do not.
     *
     * @throws IllegalArgumentException if they are none
     */
    public static List<String> labels(Map<String, String> metadata) {
        String labels = metadata.getOrDefault(LABELS, "[]");
        return JsonValues.parse("{\"labels\":" + labels + "}").texts(LABELS);
    }

    private static Path tensors(Path directory) {
        return AdapterFiles.unpickled(directory, TENSORS, PICKLE, "PEFT");
    }

    /**
     * Writes a directory, which is made if need be; each file appears whole or not at all.
     *
     * @throws IOException if writing fails
     */
    public static void write(Path directory, PeftAdapter adapter) throws IOException {
        write(directory, adapter, new RecordedBase(adapter.baseModelName(), ""), Map.of());
    }

    /**
     * Writes a directory whose tensors say more of themselves.
     *
     * @param base that it was trained on
     * @param metadata which PEFT does not read
     * @throws IOException if writing fails
     */
    public static void write(
            Path directory, PeftAdapter adapter, RecordedBase base, Map<String, String> metadata)
            throws IOException {
        Files.createDirectories(directory);
        var all = new TreeMap<>(metadata);
        all.putAll(base.metadata());
        all.put("format", "pt");
        SafetensorsWriter.write(directory.resolve(TENSORS), adapter.tensors().values(), all);
        DurableFile.write(
                directory.resolve(CONFIG),
                PeftConfigJson.write(adapter.config(), adapter.baseModelName())
                        .getBytes(StandardCharsets.UTF_8));
    }
}
