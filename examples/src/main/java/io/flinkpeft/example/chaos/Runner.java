package io.flinkpeft.example.chaos;

import io.flinkpeft.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.util.FileUtils;

/**
 * Runs one schedule after the other on one cluster, which is started when the first needs it, and
 * anew after a run that did not come to its end.
 */
final class Runner implements AutoCloseable {

    private static final int CLEAN_PARALLELISM = 1;

    private final Path directory;
    private final Path logging;
    private final Workload workload;
    private ChaosCluster cluster;
    private int clusters;
    private int runs;

    /**
     * A runner.
     *
     * @param directory for the cluster's files; emptied
     * @param logging Log4j's settings for Flink's processes
     * @param workload what every run trains
     */
    Runner(Path directory, Path logging, Workload workload) {
        this.directory = directory;
        this.logging = logging;
        this.workload = workload;
    }

    /** Runs a schedule; before the first, the clean run, if the results have none. */
    Outcome run(Schedule schedule, Results results) throws Exception {
        Observed clean =
                results.clean(workload).isPresent()
                        ? results.clean(workload).get()
                        : clean(results);
        long start = System.nanoTime();
        var run = next(schedule);
        Difference difference = Difference.NONE;
        String failure = null;
        try {
            difference = Difference.between(clean, run.run());
            if (difference.isNone()) {
                cluster.forget(run.topic());
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // of processes, which may fail in any way: the run is a result
            failure = e.toString();
            stop();
        }
        return new Outcome(
                workload.name(),
                schedule.seed(),
                schedule.parallelism(),
                run.hits(),
                (System.nanoTime() - start) / 1e9,
                difference,
                failure);
    }

    private Observed clean(Results results) throws Exception {
        long start = System.nanoTime();
        var run = next(Schedule.clean(CLEAN_PARALLELISM));
        Observed clean = run.run();
        System.out.printf(
                "Clean run: %d versions, %d states, %.0f s%n",
                clean.versions().size(), clean.state().size(), (System.nanoTime() - start) / 1e9);
        if (clean.versions().size() != workload.totalVersions()) {
            throw new IllegalStateException(
                    "Clean run ("
                            + clean.versions().size()
                            + " versions) must have "
                            + workload.totalVersions()
                            + ".");
        }
        check(run.topic());
        results.keepClean(workload, clean);
        return clean;
    }

    /** By another way of training. */
    private void check(String topic) throws IOException {
        try (var examples = TopicHistory.of(cluster.servers(), Workload.EXAMPLES);
                var published = TopicHistory.of(cluster.servers(), topic)) {
            examples.readToEnd();
            published.readToEnd();
            List<String> wrong =
                    new Checker(examples.records(), published.records()).wrong(workload);
            if (!wrong.isEmpty()) {
                throw new IllegalStateException(
                        "Versions " + wrong + " must be what the checker trains.");
            }
        }
        System.out.println("Checker: the same bytes for all of them.");
    }

    private ScheduleRun next(Schedule schedule) throws IOException {
        if (cluster == null) {
            Path home = directory.resolve(Integer.toString(++clusters));
            FileUtils.deleteDirectory(home.toFile());
            ModelLocator.locate(workload.model()); // once, not in each process
            cluster = ChaosCluster.start(Files.createDirectories(home), logging);
            cluster.createTopic(Workload.DEAD_LETTERS, 1);
        }
        cluster.createAnew(Workload.EXAMPLES, Workload.PARTITIONS);
        return new ScheduleRun(cluster, workload, schedule, "adapters-" + ++runs);
    }

    private void stop() {
        if (cluster != null) {
            cluster.close();
            cluster = null;
        }
    }

    @Override
    public void close() {
        stop();
    }
}
