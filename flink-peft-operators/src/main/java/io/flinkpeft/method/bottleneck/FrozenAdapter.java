package io.flinkpeft.method.bottleneck;

import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.method.codec.AdapterFiles;
import io.flinkpeft.method.codec.JsonValues;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A trained bottleneck adapter that others stand on: it is read from its file, as the base is, and
 * never changes. State and versions carry its hash, not its values.
 *
 * @param file its tensors
 * @param sha256 of the file's bytes, hex
 * @param config its settings
 */
public record FrozenAdapter(String file, String sha256, BottleneckConfig config)
        implements Serializable {

    static final String FILE = "file";
    static final String SHA256 = "sha256";
    static final String CONFIG = "config";

    public FrozenAdapter {
        if (!config.beneath().isEmpty()) {
            throw new IllegalArgumentException(
                    "Frozen adapter "
                            + config.name()
                            + " stands on "
                            + config.beneath().size()
                            + " others, must stand alone. Maybe list them all, the lowest first.");
        }
    }

    /**
     * The adapter of a directory: AdapterHub's, or one that was trained here.
     *
     * @throws IllegalArgumentException if it is no bottleneck adapter, or something is missing
     */
    public static FrozenAdapter of(Path directory) {
        try {
            BottleneckFiles files = BottleneckFiles.in(directory);
            String hash = Sha256.of(AdapterFiles.bytes(files.tensors()));
            return new FrozenAdapter(files.tensors().toString(), hash, files.config());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its name. */
    public String name() {
        return config.name();
    }

    static FrozenAdapter read(JsonValues values) {
        return new FrozenAdapter(
                values.text(FILE, ""),
                values.text(SHA256, ""),
                BottleneckKeys.read(values.object(CONFIG)));
    }

    public Map<String, Object> json() {
        var json = new TreeMap<String, Object>();
        json.put(FILE, file);
        json.put(SHA256, sha256);
        var settings = new TreeMap<String, Object>();
        BottleneckKeys.write(config, settings);
        json.put(CONFIG, settings);
        return json;
    }

    /** What rows above it depend on. */
    public String fingerprint() {
        return name() + ":" + sha256;
    }
}
