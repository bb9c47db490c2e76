package io.flinkpeft.job;

import static org.awaitility.Awaitility.await;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.flink.config.TrainingConfiguration;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.kafka.topic.VersionHead;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.train.OnlineTrainer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The job of a {@link GoldenRelease}, over its topic of examples, with output of its own. */
final class GoldenJob {

    private final KafkaExtension kafka;
    private final GoldenRelease release;
    private final List<String> arguments;
    private final String deadLetters;
    private final String adapters;

    GoldenJob(KafkaExtension kafka, GoldenRelease release, String... more) throws IOException {
        this.kafka = kafka;
        this.release = release;
        this.adapters = kafka.newName();
        this.deadLetters = kafka.newTopic(1, Map.of());
        arguments = new ArrayList<>(List.of("--config", release.options().toString()));
        add("kafka.bootstrap-servers", kafka.bootstrapServers());
        add("examples.group-id", adapters);
        add("examples.min-timestamp", "0"); // time begins with the records
        add("adapters.topic", adapters);
        add("dead-letters.topic", deadLetters);
        add("predictions.topic", kafka.newTopic(1, Map.of()));
        arguments.addAll(Arrays.asList(more));
    }

    private void add(String key, String value) {
        arguments.addAll(List.of("--" + key, value));
    }

    private Configuration options() throws IOException {
        return JobArguments.parse(arguments.toArray(String[]::new));
    }

    /** The numerics that it would train with here. */
    String numerics() throws IOException {
        var settings = TrainingConfiguration.settings(options());
        try (var trainer = OnlineTrainer.open(settings.trainer())) {
            return trainer.numerics().toString();
        }
    }

    JobClient start(Configuration flink, int parallelism) throws Exception {
        return environment(flink, parallelism).executeAsync();
    }

    /** With the job, which must need no restart. */
    StreamExecutionEnvironment environment(Configuration flink, int parallelism) throws Exception {
        flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        var env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        env.setParallelism(parallelism);
        var job = ContinualFineTuneJob.of(arguments.toArray(String[]::new));
        job.createAdapterTopic();
        job.addTo(env);
        return env;
    }

    /** What ends each partition: a dead letter, which comes out when all before it was read. */
    static ProducerRecord<String, String> end(int partition) {
        return new ProducerRecord<>("topic", partition, null, "\"end\"");
    }

    /** Waits until it has read everything, and a checkpoint is complete. */
    void awaitEnd(JobClient client) throws IOException {
        int partitions = release.partitions();
        await().atMost(Duration.ofMinutes(10))
                .failFast(() -> client.getJobStatus().get().isGloballyTerminalState())
                .until(() -> ended() == partitions && !versions().isEmpty());
    }

    private long ended() {
        String end = end(0).value();
        return new TopicRecords(kafka.bootstrapServers())
                .all(deadLetters).stream().filter(record -> record.value().equals(end)).count();
    }

    /** What it has published, by name. */
    Map<String, VersionHead> versions() {
        var versions = new TreeMap<String, VersionHead>();
        for (var listed : reader().list()) {
            VersionHead head = listed.head();
            versions.put(head.adapterId() + "@" + head.step(), head);
        }
        return versions;
    }

    /** The newest version of each adapter. */
    List<VersionHead> current() {
        return reader().list().stream()
                .filter(AdapterTopicReader.Listed::current)
                .map(AdapterTopicReader.Listed::head)
                .toList();
    }

    AdapterVersion fetch(VersionHead head) {
        return reader().fetch(head.adapterId(), head.step()).orElseThrow();
    }

    private AdapterTopicReader reader() {
        return new AdapterTopicReader(AdapterTopic.at(kafka.bootstrapServers(), adapters));
    }
}
