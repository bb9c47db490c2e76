package io.flinkpeft.merge;

import io.flinkpeft.safetensors.DType;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What PEFT merges and combines; {@code generate_combine.py} says how. */
final class CombineGolden {

    static final Path FOLDER = TinyModels.golden().resolve("combine");
    static final Path GPT2 = FOLDER.resolve("tiny-gpt2");

    private CombineGolden() {}

    /** The tensors of a golden file whose name starts with this and a slash, without it. */
    static Map<String, TensorView> tensors(String file, String start) {
        try {
            var tensors = new TreeMap<String, TensorView>();
            SafetensorsFile.open(FOLDER.resolve(file))
                    .tensors()
                    .forEach(
                            (name, tensor) -> {
                                if (name.startsWith(start + "/")) {
                                    tensors.put(name.substring(start.length() + 1), tensor);
                                }
                            });
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy of a model whose tensors have another type. */
    static Path cast(Path model, DType type, Path to) throws IOException {
        List<TensorView> tensors = new ArrayList<>();
        for (var tensor :
                SafetensorsFile.open(model.resolve("model.safetensors")).tensors().values()) {
            tensors.add(tensor.as(type));
        }
        Files.createDirectories(to);
        Files.copy(model.resolve("config.json"), to.resolve("config.json"));
        SafetensorsWriter.write(to.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        return to;
    }

    /** A copy of a directory's files. */
    static Path copy(Path directory, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }
}
