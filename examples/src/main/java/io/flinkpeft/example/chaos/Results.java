package io.flinkpeft.example.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The work folder's files: the outcomes, one JSON object a line, so that a runner that is started
 * again goes on behind the last; and for each workload what the clean run left.
 */
final class Results {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final List<Outcome> outcomes = new ArrayList<>();

    private Results(Path directory) {
        this.directory = directory;
    }

    /** Reads what is there. */
    static Results in(Path directory) throws IOException {
        var results = new Results(Files.createDirectories(directory));
        if (Files.exists(results.file())) {
            for (String line : Files.readAllLines(results.file())) {
                results.outcomes.add(JSON.readValue(line, Outcome.class));
            }
        }
        return results;
    }

    private Path file() {
        return directory.resolve("results.jsonl");
    }

    private Path cleanFile(Workload workload) {
        return directory.resolve("clean-" + workload.name() + ".json");
    }

    /** What the clean run left, if there was one. */
    Optional<Observed> clean(Workload workload) throws IOException {
        Path file = cleanFile(workload);
        return Files.exists(file)
                ? Optional.of(JSON.readValue(file.toFile(), Observed.class))
                : Optional.empty();
    }

    void keepClean(Workload workload, Observed clean) throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(cleanFile(workload).toFile(), clean);
    }

    void add(Outcome outcome) throws IOException {
        outcomes.add(outcome);
        Files.writeString(
                file(),
                JSON.writeValueAsString(outcome) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** The outcome of a schedule that was run. */
    Optional<Outcome> of(Workload workload, long seed) {
        return outcomes.stream()
                .filter(o -> o.seed() == seed && o.workload().equals(workload.name()))
                .reduce((first, last) -> last);
    }

    /** The table at the end. */
    static String table(List<Outcome> outcomes) {
        var lines = new ArrayList<String>();
        lines.add("| killed | times | of them at that point | recoveries hit |");
        lines.add("|---|---|---|---|");
        for (Moment moment : Moment.values()) {
            var hits =
                    outcomes.stream()
                            .flatMap(outcome -> outcome.faults().stream())
                            .filter(hit -> hit.moment().equals(moment.name()))
                            .toList();
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "| %s | %d | %d | %d |",
                            moment,
                            hits.size(),
                            hits.stream().filter(Outcome.Hit::reached).count(),
                            hits.stream().filter(Outcome.Hit::again).count()));
        }
        lines.add("");
        lines.add(summary(outcomes));
        return String.join(System.lineSeparator(), lines);
    }

    private static String summary(List<Outcome> outcomes) {
        double[] recoveries =
                outcomes.stream()
                        .flatMap(outcome -> outcome.faults().stream())
                        .mapToDouble(Outcome.Hit::recoverySeconds)
                        .filter(seconds -> seconds >= 0)
                        .sorted()
                        .toArray();
        return String.format(
                Locale.ROOT,
                "%d schedules: %d identical, %d different, %d unfinished; %d versions lost,"
                        + " %d duplicated;"
                        + " recovery median %.1f s, longest %.1f s",
                outcomes.size(),
                outcomes.stream().filter(Outcome::isIdentical).count(),
                outcomes.stream().filter(o -> o.isFinished() && !o.isIdentical()).count(),
                outcomes.stream().filter(outcome -> !outcome.isFinished()).count(),
                outcomes.stream().mapToInt(o -> o.difference().lost().size()).sum(),
                outcomes.stream().mapToInt(o -> o.difference().duplicated().size()).sum(),
                recoveries.length == 0 ? 0 : recoveries[recoveries.length / 2],
                Arrays.stream(recoveries).max().orElse(0));
    }
}
