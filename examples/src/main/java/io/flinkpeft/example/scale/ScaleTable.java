package io.flinkpeft.example.scale;

import io.flinkpeft.event.Example;
import io.flinkpeft.example.Machine;
import io.flinkpeft.example.MarkedTable;
import io.flinkpeft.example.wordnet.Gloss;
import io.flinkpeft.example.wordnet.Phase;
import io.flinkpeft.example.wordnet.WordNet;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.DeviceCache;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.model.ModelLocator;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.TrainerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Question: how many adapters does one TaskManager train, how fast, and what do its checkpoints
 * cost? Real parts in one JVM: Flink's cluster and state backends, checkpoints on disk, MiniLM,
 * LoRA, WordNet's glosses.
 *
 * <pre>{@code
 * examples/scale.sh --write docs/scale.md
 * }</pre>
 *
 * <p>At the end adapters of each run are trained again, each alone: their versions must be the
 * same, byte for byte.
 */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description = "Trains many adapters in one TaskManager, and measures.")
public final class ScaleTable implements Callable<Integer> {

    /** The name of the table in the document. */
    static final String TABLE = "scale";

    private static final long SEED = 7;
    private static final int MAX_WORDS = 5;
    private static final int MAX_TOKENS = 16;
    private static final double MEBI = 1 << 20;

    @Option(
            names = "--adapters",
            split = ",",
            defaultValue = "1,100,1000,10000",
            description = "How many adapters. Default: ${DEFAULT-VALUE}.")
    private List<Integer> adapters;

    @Option(
            names = "--heap-up-to",
            defaultValue = "1000",
            description = "More adapters than this run on RocksDB only. Default: ${DEFAULT-VALUE}.")
    private int heapUpTo;

    @Option(
            names = "--touched",
            split = ",",
            defaultValue = "1,10,100",
            description =
                    "Percent of the adapters with examples between two checkpoints. Default:"
                            + " ${DEFAULT-VALUE}.")
    private List<Integer> touched;

    @Option(
            names = "--rank",
            defaultValue = "4",
            description = "Rank of LoRA, on query and value. Default: ${DEFAULT-VALUE}.")
    private int rank;

    @Option(
            names = "--batch",
            defaultValue = "4",
            description = "Examples of an adapter's step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--cache-mib",
            defaultValue = "2048",
            description = "What adapters may take on the device. Default: ${DEFAULT-VALUE}.")
    private long cacheMib;

    @Option(
            names = "--check",
            defaultValue = "16",
            description = "Adapters of a run that are trained again. Default: ${DEFAULT-VALUE}.")
    private int checked;

    @Option(names = "--write", description = "A document whose table is replaced.")
    private Path document;

    private final List<String> table = new ArrayList<>();

    private ScaleTable() {}

    /** Runs and ends the JVM. */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        return new CommandLine(new ScaleTable()).execute(args);
    }

    @Override
    public Integer call() throws Exception {
        List<Gloss> glosses = glosses();
        add(
                "| adapters | state in | touched, % | examples/s | state, MiB | written, MiB |"
                        + " sync, ms | total, ms | resident, MiB |");
        add("|---|---|---|---|---|---|---|---|---|");
        for (int count : adapters) {
            var touches = new Touches(count, batch, touched(count), glosses);
            if (count <= heapUpTo) {
                rows(count, "hashmap", touches);
            }
            rows(count, "rocksdb", touches);
        }
        add("");
        add(note());
        if (document != null) {
            MarkedTable.replace(document, TABLE, table);
        }
        return 0;
    }

    /** Those that touch less than an adapter are left out. */
    private List<Integer> touched(int count) {
        return touched.stream().filter(percent -> count * percent >= 100).toList();
    }

    private static List<Gloss> glosses() throws IOException {
        var glosses = new ArrayList<Gloss>();
        for (Gloss gloss : WordNet.glosses()) {
            if (labels().contains(gloss.label()) && gloss.text().split(" ").length <= MAX_WORDS) {
                glosses.add(gloss);
            }
        }
        Collections.shuffle(glosses, new Random(SEED));
        return glosses;
    }

    private static List<String> labels() {
        return Phase.ALL.get(0).labels();
    }

    private TrainingSettings settings() {
        var trainer =
                new TrainerConfig(
                        ModelLocator.MINI_LM,
                        new LoraConfig(rank, 2 * rank),
                        new StreamTask(),
                        labels(),
                        labels().size(),
                        MAX_TOKENS,
                        OptimizerConfig.DEFAULT,
                        "cpu",
                        "fp32",
                        SEED);
        return TrainingSettings.of(trainer)
                .with(Batching.DEFAULT.withSize(batch))
                .with(new DeviceCache(Integer.MAX_VALUE, cacheMib << 20))
                .publishingEvery(Integer.MAX_VALUE); // only at the end
    }

    private void rows(int count, String backend, Touches touches) throws Exception {
        Path directory = Files.createTempDirectory("flink-peft-scale");
        try {
            PeakMemory.reset();
            Map<Integer, List<ScaleRun.Measured>> rows = new LinkedHashMap<>();
            for (ScaleRun.Measured row :
                    new ScaleRun(settings(), backend, directory).run(touches)) {
                rows.computeIfAbsent(row.percent(), percent -> new ArrayList<>()).add(row);
            }
            if (count == 1) {
                rows.remove(0); // its first batch is what warms up
            }
            long resident = PeakMemory.bytes() >> 20;
            rows.values().forEach(rounds -> add(row(count, backend, rounds, resident)));
            System.out.printf(
                    "%d versions, %d checked%n", ScaleRun.versions().size(), check(count, touches));
        } finally {
            delete(directory);
        }
    }

    private static String row(
            int count, String backend, List<ScaleRun.Measured> rounds, long resident) {
        int percent = rounds.get(0).percent();
        return String.format(
                Locale.ROOT,
                "| %,d | %s | %s | %.0f | %.1f | %.1f | %.0f | %.0f | %,d |",
                count,
                backend.equals("hashmap") ? "heap" : "RocksDB",
                percent == 0 ? "new" : Integer.toString(percent),
                median(rounds, ScaleRun.Measured::examplesPerSecond),
                median(rounds, ScaleRun.Measured::stateBytes) / MEBI,
                median(rounds, ScaleRun.Measured::writtenBytes) / MEBI,
                median(rounds, ScaleRun.Measured::syncMillis),
                median(rounds, ScaleRun.Measured::totalMillis),
                resident);
    }

    private static double median(
            List<ScaleRun.Measured> rounds, ToDoubleFunction<ScaleRun.Measured> value) {
        return rounds.stream()
                .mapToDouble(value)
                .sorted()
                .skip(rounds.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    /** Trains some adapters again, each alone, and compares their versions. */
    private int check(int count, Touches touches) {
        int checks = Math.min(count, checked);
        try (var trainer = OnlineTrainer.open(settings().trainer())) {
            for (int i = 0; i < checks; i++) {
                int adapter = (int) ((long) i * count / checks);
                String id = Touches.id(adapter);
                String alone = version(trainer, id, touches.batches(adapter));
                if (!alone.equals(ScaleRun.versions().get(id))) {
                    throw new IllegalStateException(
                            "Version of " + id + " must be the one it has alone (" + alone + ").");
                }
            }
        }
        return checks;
    }

    private static String version(OnlineTrainer trainer, String id, List<List<Example>> batches) {
        LiveAdapter adapter = trainer.create(id);
        for (List<Example> examples : batches) {
            var outcome = trainer.step(List.of(new Batch(adapter, examples, List.of()))).get(0);
            adapter.close();
            adapter = outcome.after();
        }
        try (LiveAdapter last = adapter) {
            return trainer.version(last).sha256();
        }
    }

    private String note() {
        long bytes;
        try (var trainer = OnlineTrainer.open(settings().trainer());
                var adapter = trainer.create(Touches.id(0))) {
            bytes = adapter.bytes();
        }
        return String.format(
                Locale.ROOT,
                "LoRA of rank %d: %,d bytes an adapter in memory, so %,d fit into the cache of %,d"
                        + " MiB. Steps of %d glosses. Machine: %s.",
                rank,
                bytes,
                (cacheMib << 20) / bytes,
                cacheMib,
                batch,
                Machine.describe());
    }

    private void add(String line) {
        table.add(line);
        System.out.println(line);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
