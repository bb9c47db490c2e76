package io.flinkpeft.example.chaos;

import io.flinkpeft.testing.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Runs the job under a schedule, and observes what it leaves. */
final class ScheduleRun {

    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration COMPLETE = Duration.ofMinutes(10);
    private static final Duration STOP = Duration.ofMinutes(10);

    /** So long nothing new is published once all is read: what lacks then is lost. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    private final ChaosCluster cluster;
    private final Workload workload;
    private final Schedule schedule;
    private final String topic;
    private final List<Outcome.Hit> hits = new ArrayList<>();

    /**
     * A run.
     *
     * @param topic of the versions, which no other run has
     */
    ScheduleRun(ChaosCluster cluster, Workload workload, Schedule schedule, String topic) {
        this.cluster = cluster;
        this.workload = workload;
        this.schedule = schedule;
        this.topic = topic;
    }

    /** The topic of its versions. */
    String topic() {
        return topic;
    }

    /** What hit so far. */
    List<Outcome.Hit> hits() {
        return hits;
    }

    /** Runs it to its end: all is published, and the job stopped with a savepoint. */
    Observed run() throws Exception {
        Path files = cluster.files(topic);
        long start = System.currentTimeMillis();
        TrainingJob job =
                TrainingJob.submit(
                        cluster.flink(),
                        files.resolve("checkpoints"),
                        schedule.parallelism(),
                        workload.arguments(cluster.servers(), topic));
        try (var feed = Feed.start(cluster.servers(), workload, schedule.faults().size())) {
            job.awaitCheckpointAfter(start, START);
            new Injector(cluster, job, feed, hits).run(schedule.faults());
            try (var history = TopicHistory.of(cluster.servers(), topic)) {
                awaitVersions(history);
                String savepoint = job.stop(files.resolve("savepoints"), STOP);
                history.readToEnd();
                return new Observed(
                        history.versions(), history.pointers(), FinalState.digests(savepoint));
            }
        } finally {
            cluster.trap().disarm();
            job.cancel(STOP);
        }
    }

    /** Waits until all is there, or nothing more can come. */
    private void awaitVersions(TopicHistory history) throws InterruptedException {
        int[] seen = {0};
        long[] since = {System.nanoTime()};
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.servers()))) {
            Waiting.until(
                    "the end of the examples",
                    COMPLETE,
                    () -> {
                        history.poll();
                        int now = history.versions().size();
                        if (now != seen[0]) {
                            seen[0] = now;
                            since[0] = System.nanoTime();
                        }
                        boolean quiet = System.nanoTime() - since[0] > QUIET.toNanos();
                        return read(admin) && (quiet || now >= workload.totalVersions());
                    });
        }
    }

    /** Whether a completed checkpoint has all examples behind it. */
    private boolean read(Admin admin) throws InterruptedException {
        try {
            var offsets =
                    admin.listConsumerGroupOffsets(topic).partitionsToOffsetAndMetadata().get();
            return offsets.values().stream().mapToLong(o -> o == null ? 0 : o.offset()).sum()
                    == workload.size();
        } catch (ExecutionException noAnswer) {
            return false;
        }
    }
}
