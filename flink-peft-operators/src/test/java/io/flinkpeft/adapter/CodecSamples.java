package io.flinkpeft.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A state and a version with every field set; {@link #main} writes them as a release keeps them.
 */
final class CodecSamples {

    static final String STATE_FILE = "adapter-state.bin";
    static final String VERSION_FILE = "adapter-version.bin";

    private static final Numerics NUMERICS = new Numerics("bf16", 2, "gpu", "libtorch 2.7.1");

    private static final Lineage LINEAGE =
            new Lineage(
                    42,
                    1_700_000_000_123L,
                    List.of(
                            new OffsetRange("examples", 0, 5, 99, 30),
                            new OffsetRange("überall", 7, 1L << 40, (1L << 40) + 11, 12)),
                    List.of(new NumericsChange(9, new Numerics("fp32", 1, "cpu", "libtorch 2"))));

    static final AdapterState STATE =
            new AdapterState(
                    "tenant-1",
                    "ab".repeat(32),
                    "lora/r=4",
                    NUMERICS,
                    17,
                    16,
                    List.of("food", "", "größe🙂", "half \ud83d"),
                    8,
                    LINEAGE,
                    new PrequentialStatistics(41, 29, 33.25, 0.7, 0.1 + 0.2),
                    PrequentialStatistics.NONE, // as formats before 2 have it
                    new float[] {1f, -0f, Float.MIN_VALUE, 0.1f},
                    new float[] {0f, 1e-30f, Float.MAX_VALUE, -3f},
                    new float[] {0f, Float.NaN, Float.POSITIVE_INFINITY, 2f});

    static final AdapterVersion VERSION =
            new AdapterVersion(
                    "tenant-1",
                    17,
                    12,
                    "ab".repeat(32),
                    "LORA",
                    NUMERICS,
                    LINEAGE,
                    Map.of("accuracy", 0.75, "loss", 0.5),
                    new byte[] {0, 1, -1, 127},
                    "cd".repeat(32));

    private CodecSamples() {}

    /** Writes the files of a release into a folder. */
    public static void main(String[] folder) throws IOException {
        Path path = Files.createDirectories(Path.of(folder[0]));
        Files.write(path.resolve(STATE_FILE), AdapterStateCodec.toBytes(STATE));
        Files.write(path.resolve(VERSION_FILE), AdapterVersionCodec.toBytes(VERSION));
    }
}
