package io.flinkpeft.example.quickstart;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.example.LocalFlink;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.kafka.topic.KafkaVersionSource;
import io.flinkpeft.testing.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.core.execution.JobClient;

/**
 * One run: a broker, a Flink cluster, a job that trains and a query that predicts, until both are
 * done with the whole stream.
 */
final class Run {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final long END_TIMEOUT_MILLIS = 600_000;
    private static final int SLOTS = 2;

    private final Settings settings;
    private final Observations seen;
    private final CpuTimes cpu;

    Run(Settings settings, Observations seen, CpuTimes cpu) {
        this.settings = settings;
        this.seen = seen;
        this.cpu = cpu;
    }

    /**
     * Runs to the end.
     *
     * @param directory for the files of broker and checkpoints
     * @return the last version, which has learnt from the whole stream
     */
    AdapterVersion run(Path directory) throws Exception {
        var cluster =
                Background.start(() -> LocalFlink.start(directory.resolve("checkpoints"), SLOTS));
        try (var kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                var flink = cluster.get()) {
            String servers = kafka.bootstrapServers();
            var adapters = AdapterTopic.at(servers, Topics.ADAPTERS);
            kafka.createTopic(Topics.GLOSSES, 1, Map.of());
            kafka.createTopic(Topics.PREDICTIONS, 1, Map.of());
            AdapterTopics.createIfMissing(adapters, 1, (short) 1);
            var watch = new VersionWatch(seen);
            try (var versions = KafkaVersionSource.of(adapters)) {
                versions.start(watch);
                var training =
                        Background.start(
                                () -> TrainingJob.start(flink.environment(), settings, servers));
                var query = PredictionQuery.start(flink.environment(), settings, servers);
                var jobs = List.of(training.get(), query);
                follow(servers, jobs, watch);
                return awaitEnd(jobs, watch);
            }
        }
    }

    private void follow(String servers, List<JobClient> jobs, VersionWatch watch) throws Exception {
        try (var producer = new GlossProducer(servers, seen, settings.maxAhead());
                var reader = new PredictionReader(servers, seen);
                var progress = new Progress(seen)) {
            while (seen.done() < settings.examples()) {
                producer.produce();
                reader.read(POLL);
                if (progress.show()) {
                    cpu.sample();
                    watch.check();
                    check(jobs);
                }
            }
        }
    }

    /** The job publishes a last version when its input ends. */
    private AdapterVersion awaitEnd(List<JobClient> jobs, VersionWatch watch) throws Exception {
        for (JobClient job : jobs) {
            job.getJobExecutionResult().get(END_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        }
        long deadline = System.currentTimeMillis() + END_TIMEOUT_MILLIS;
        while (watch.newest() == null
                || watch.newest().lineage().examples() < settings.examples()) {
            watch.check();
            if (System.currentTimeMillis() > deadline) {
                throw new TimeoutException(
                        "The newest version ("
                                + watch.newest()
                                + ") must have learnt from all "
                                + settings.examples()
                                + " glosses.");
            }
            Thread.sleep(POLL.toMillis());
        }
        return watch.newest();
    }

    private static void check(List<JobClient> jobs) throws Exception {
        for (JobClient job : jobs) {
            var status = job.getJobStatus().get();
            if (status.isGloballyTerminalState()) {
                job.getJobExecutionResult().get(); // throws why it failed
            }
        }
    }
}
