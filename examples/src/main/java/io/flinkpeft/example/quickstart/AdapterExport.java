package io.flinkpeft.example.quickstart;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.method.PeftAdapter;
import io.flinkpeft.method.PeftConfigJson;
import io.flinkpeft.method.PeftDirectory;
import io.flinkpeft.safetensors.Limits;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes a version as PEFT keeps adapters; the head and its labels lie beside. */
final class AdapterExport {

    private static final String HEAD_PREFIX = "head.";
    private static final String HEAD_FILE = "head.safetensors";

    private AdapterExport() {}

    static void write(AdapterVersion version, Path directory) throws IOException {
        var file = SafetensorsFile.of(ByteBuffer.wrap(version.payload()), Limits.ADAPTER);
        var config = PeftConfigJson.read(file.metadata().get("adapter_config"));
        var adapter =
                file.tensors().values().stream()
                        .filter(tensor -> !tensor.name().startsWith(HEAD_PREFIX))
                        .toList();
        var head =
                file.tensors().values().stream()
                        .filter(tensor -> tensor.name().startsWith(HEAD_PREFIX))
                        .toList();
        PeftDirectory.write(
                directory, PeftAdapter.of(config.config(), config.baseModelName(), adapter));
        SafetensorsWriter.write(
                directory.resolve(HEAD_FILE),
                List.copyOf(head),
                Map.of("format", "pt", "labels", file.metadata().get("labels")));
    }
}
