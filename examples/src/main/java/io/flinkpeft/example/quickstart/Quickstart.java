package io.flinkpeft.example.quickstart;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.example.wordnet.GlossStream;
import io.flinkpeft.example.wordnet.WordNet;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelLocator;
import io.flinkpeft.train.AdapterDirectory;
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

    /** The exit code of a run in which LoRA was not ahead of the head alone after every drift. */
    static final int NOT_AHEAD = 3;

    /** The report's file in the output. */
    static final String REPORT = "report.html";

    /** The adapter's directory in the output. */
    static final String ADAPTER = "adapter";

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

    /** Runs and ends the JVM: the exit code says whether LoRA was ahead after each drift. */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        return new CommandLine(new Quickstart()).execute(args);
    }

    @Override
    public Integer call() throws Exception {
        var ordered =
                Background.start(() -> GlossStream.of(WordNet.glosses(), examples, Settings.SEED));
        Path base = ModelLocator.locate(model);
        int layers = ModelDirectory.open(base).config().layers();
        var settings = new Settings(model, examples, layers - 2, layers);
        var seen = new Observations(ordered.get());
        var cpu = new CpuTimes();
        AdapterVersion adapter = run(new Run(settings, seen, cpu));

        AdapterDirectory.write(output.resolve(ADAPTER), adapter, base.toString());
        var report = new Report(seen, settings.described(cpu));
        report.write(output.resolve(REPORT));
        System.out.println(new SummaryText(report.summary()));
        System.out.println("Adapter " + adapter.name() + ": " + output.resolve(ADAPTER));
        System.out.println("Report: " + output.resolve(REPORT).toAbsolutePath());
        return report.summary().behind().isEmpty() ? 0 : NOT_AHEAD;
    }

    private static AdapterVersion run(Run run) throws Exception {
        Path directory = Files.createTempDirectory("quickstart");
        try {
            return run.run(directory);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
