package io.flinkpeft.example.quickstart;

import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Streams WordNet glosses through a real Kafka broker to a local Flink, which trains a LoRA adapter
 * online, publishes its versions and predicts the same glosses in SQL with the newest of them.
 */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = "Trains an adapter on a stream that drifts, and predicts in SQL meanwhile.")
public final class Quickstart implements Callable<Integer> {

    @Option(
            names = "--examples",
            defaultValue = "20000",
            description = "Length of the stream. Default: ${DEFAULT-VALUE}.")
    private int examples;

    @Option(
            names = "--output",
            defaultValue = "target/quickstart",
            description = "Where report and adapter go. Default: ${DEFAULT-VALUE}.")
    private Path output;

    @Option(
            names = "--model",
            defaultValue = ModelLocator.MINI_LM,
            description =
                    "The base: a Hugging Face directory, or the name of one on the class path."
                            + " Default: ${DEFAULT-VALUE}.")
    private String model;

    private Quickstart() {}

    /** Runs and ends the JVM: 0 if LoRA was ahead after each drift point, else 1. */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        return new CommandLine(new Quickstart()).execute(args);
    }

    @Override
    public Integer call() throws Exception {
        long start = System.nanoTime();
        var stream = GlossStream.of(WordNet.glosses(), examples, Settings.SEED);
        int layers = ModelDirectory.open(ModelLocator.locate(model)).config().layers();
        var settings = new Settings(model, examples, layers / 2, layers);
        var seen = new Observations(stream);
        var cpu = new CpuTimes();
        var run = new Run(settings, seen, cpu);
        Path temporary = Files.createTempDirectory("quickstart");
        try {
            run.run(temporary);
        } finally {
            delete(temporary);
        }
        AdapterExport.write(run.lastVersion(), output.resolve("adapter"));
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println("seconds " + seconds + " cpu " + cpu.seconds() + " " + cpu.total());
        for (int p = 0; p < stream.starts().size(); p++) {
            int from = stream.starts().get(p);
            int to = stream.end(p);
            System.out.printf("%-20s", Phase.ALL.get(p).title());
            for (Learner learner : Learner.values()) {
                System.out.printf(
                        " %s %.1f/%.1f",
                        learner,
                        100 * seen.accuracy(learner, from, Math.min(to, from + 1000)),
                        100 * seen.accuracy(learner, from, to));
            }
            System.out.println();
        }
        var f = Freshness.of(seen);
        System.out.println(
                f.known() + " " + f.quantile(.5, 0, examples) + " " + f.quantile(.95, 0, examples));
        return 0;
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
