package io.flinkpeft.flink.state;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterSettingsCodec;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.adapter.PrequentialStatistics;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.RawRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * State as a release writes it. {@link #main} writes the files of the present release into a folder
 * such as {@code src/test/resources/state/0.1.0}; files of a release are never changed afterwards.
 */
final class StateFiles {

    private static final Example FULL =
            new Example(
                            "a",
                            "tëxt \ud83d",
                            "pair",
                            "noun",
                            "target",
                            -5,
                            "texts",
                            3,
                            Long.MAX_VALUE)
                    .named("id");

    static final TrainingQueue QUEUE =
            new TrainingQueue(
                    List.of(
                            new Turn.Batch(List.of(FULL, Example.unlabelled("a", ""))),
                            new Turn.Batch(List.of(FULL))),
                    List.of(Example.labelled("a", "waits", "verb")));

    private static final RawRecord RAW = new RawRecord(new byte[] {1}, new byte[] {2, 3});

    /** Since events keep the records they were read from. */
    static final TrainingQueue QUEUE_WITH_RECORDS =
            new TrainingQueue(
                    List.of(
                            new Turn.Batch(List.of(FULL.with(RAW))),
                            new Turn.Order(Control.method("a", "{}").with(RAW))),
                    List.of(Example.unlabelled("a", "").with(new RawRecord(null, new byte[0]))));

    /** Of one that was counted anew at its step 7. */
    static final AdapterSettings SETTINGS =
            new AdapterSettings(true, 0.1, null, "{\"r\": 3} é", 7, 7);

    static final ReplayReservoir REPLAY =
            new ReplayReservoir(77, List.of(FULL, Example.labelled("a", "kept", "verb")));

    static final AdapterState ADAPTER =
            new AdapterState(
                    "a",
                    "base",
                    "LORA rank=1",
                    new Numerics("bf16", 1, "cpu", "libtorch 2.7.1"),
                    12,
                    10,
                    List.of("noun", "verb"),
                    8,
                    Lineage.NONE.plus(5, "texts", 3, 9).plus(4, "texts", 1, 7),
                    PrequentialStatistics.NONE.plus(true, 0.5).plus(false, 2),
                    PrequentialStatistics.NONE.plus(true, 0.5),
                    new float[] {1, -0f, Float.MIN_VALUE},
                    new float[] {0.1f, 0.2f, 0.3f},
                    new float[] {3, 2, 1});

    static final AdapterVersion VERSION =
            new AdapterVersion(
                    "a",
                    4,
                    2,
                    "base",
                    "LORA",
                    new Numerics("fp32", 1, "cpu", "libtorch 2.7.1"),
                    Lineage.NONE.plus(7, "texts", 0, 9),
                    Map.of("accuracy", 0.5),
                    new byte[] {1, 2},
                    "sha");

    private StateFiles() {}

    /** Writes the folder given. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Files.write(folder.resolve("queue.bin"), TrainingQueueCodec.toBytes(QUEUE));
        Files.write(folder.resolve("replay.bin"), ReplayReservoirCodec.toBytes(REPLAY));
        Files.write(
                folder.resolve("queue-with-records.bin"),
                TrainingQueueCodec.toBytes(QUEUE_WITH_RECORDS));
        Files.write(folder.resolve("settings.bin"), AdapterSettingsCodec.toBytes(SETTINGS));
    }
}
