package io.flinkpeft.example.chaos;

import io.flinkpeft.example.wordnet.WordNet;
import io.flinkpeft.model.ModelLocator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains adapters on a cluster of real processes, kills these at seeded moments, and compares every
 * version and the final state with those of a run without faults.
 */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = "Kills a training cluster's processes; versions and state must not change.")
public final class Chaos implements Callable<Integer> {

    @Option(
            names = "--schedules",
            defaultValue = "10",
            description = "How many. Default: ${DEFAULT-VALUE}.")
    private int schedules;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Of the first; each further one has the next. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--versions",
            defaultValue = "12",
            description = "Of the first adapter; each further one has one more.")
    private int versions;

    @Option(
            names = "--model",
            defaultValue = ModelLocator.MINI_LM,
            description = "The base model. Default: ${DEFAULT-VALUE}.")
    private String model;

    @Option(
            names = "--work",
            defaultValue = "target/chaos",
            description =
                    "Where results, the clean run and logs go; schedules that have a result there"
                            + " are not run again. Default: ${DEFAULT-VALUE}.")
    private Path work;

    @Option(
            names = "--logging",
            required = true,
            description = "Log4j's settings for Flink's processes.")
    private Path logging;

    private Chaos() {}

    /** Runs and ends the JVM: exit code 1 if a run differed. */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        return new CommandLine(new Chaos()).execute(args);
    }

    @Override
    public Integer call() throws Exception {
        Path absolute = work.toAbsolutePath();
        var workload = new Workload(base(), versions, WordNet.glosses());
        var results = Results.in(absolute);
        try (var runner =
                new Runner(absolute.resolve("cluster"), logging.toAbsolutePath(), workload)) {
            for (long next = seed; next < seed + schedules; next++) {
                if (!results.of(workload, next).map(Outcome::isFinished).orElse(false)) {
                    results.add(runner.run(Schedule.of(next), results));
                }
                System.out.println(results.of(workload, next).orElseThrow().line());
            }
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (long next = seed; next < seed + schedules; next++) {
            outcomes.add(results.of(workload, next).orElseThrow());
        }
        System.out.println(Results.table(outcomes));
        return outcomes.stream().allMatch(Outcome::isIdentical) ? 0 : 1;
    }

    /** Processes in other directories must find it. */
    private String base() {
        Path directory = Path.of(model);
        return Files.isDirectory(directory)
                ? directory.toAbsolutePath().normalize().toString()
                : model;
    }
}
