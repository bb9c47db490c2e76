package io.flinkpeft.method.file;

import io.flinkpeft.method.AdapterFiles;
import io.flinkpeft.method.PeftAdapter;
import io.flinkpeft.safetensors.DurableFile;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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

    private static final String PICKLE = "adapter_model.bin";

    private PeftDirectory() {}

    /**
     * What a directory holds.
     *
     * @param adapter the adapter, its tensors in memory
     * @param warnings what was ignored; usually empty
     */
    public record Contents(PeftAdapter adapter, List<String> warnings) {
        public Contents {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The two files of a directory as they are, whatever the method.
     *
     * @param config the settings, JSON
     * @param tensors in memory
     */
    public record RawFiles(String config, SafetensorsFile tensors) {}

    /**
     * Reads a directory. Whether its tensors fit a base model says {@link PeftAdapter#checked}.
     *
     * @throws IllegalArgumentException if something is missing, broken or not supported
     * @throws IOException if reading fails
     */
    public static Contents read(Path directory) throws IOException {
        String config = AdapterFiles.text(directory.resolve(CONFIG));
        byte[] tensors = AdapterFiles.bytes(tensors(directory));
        try {
            var contents = PeftConfigJson.read(config);
            var adapter =
                    PeftAdapter.of(
                            contents.config(),
                            contents.baseModelName(),
                            AdapterFiles.tensors(tensors).tensors().values());
            return new Contents(adapter, contents.warnings());
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
        String config = AdapterFiles.text(directory.resolve(CONFIG));
        byte[] tensors = AdapterFiles.bytes(tensors(directory));
        try {
            return new RawFiles(config, AdapterFiles.tensors(tensors));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Adapter " + directory + ": " + e.getMessage(), e);
        }
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
        Files.createDirectories(directory);
        SafetensorsWriter.write(
                directory.resolve(TENSORS), adapter.tensors().values(), Map.of("format", "pt"));
        DurableFile.write(
                directory.resolve(CONFIG),
                PeftConfigJson.write(adapter.config(), adapter.baseModelName())
                        .getBytes(StandardCharsets.UTF_8));
    }
}
