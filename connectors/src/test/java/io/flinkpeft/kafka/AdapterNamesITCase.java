package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.kafka.topic.AdapterTopicWriter;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.kafka.topic.KafkaVersionSource;
import io.flinkpeft.serve.VersionSource;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.RandomVersions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tenants are e-mail addresses, and worse: published, read, rolled back, dropped. */
class AdapterNamesITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final List<String> IDS =
            List.of(
                    "a",
                    "a@b.com",
                    "a#1",
                    "a@1#2",
                    "%40",
                    "a@5",
                    "@:a%40b.com",
                    "a%40b.com",
                    "@writer",
                    "@",
                    "#",
                    "ü@ö.de",
                    "東京@例.jp",
                    "😀#1",
                    "x".repeat(199) + "@");

    private final AdapterTopic topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());

    @Test
    void eachHasItsOwnVersionsFromBeginningToEnd() throws Exception {
        AdapterTopics.createIfMissing(topic, 3, (short) 1);
        var job = PublishingJob.Setup.of(topic).parallelism(2);
        var served = new Served();
        OperatorSubtaskState state;
        try (var source = KafkaVersionSource.of(topic)) {
            source.start(served);
            source.awaitBootstrap(LIMIT);
            try (var first = job.start()) {
                first.put(versions(1)).checkpoint(1);
                state = first.put(versions(5)).snapshot(2);
            }
            try (var second = job.writer("w2").restore(state)) {
                second.checkpoint(3);
                served.awaitStep(5);
                CommittedRecords.awaitDecided(topic);
                assertThat(listed()).hasSize(2 * IDS.size()).containsKeys("a@b.com@5", "a@5@5");

                try (var tool = new AdapterTopicWriter(topic, "tool-" + topic.name())) {
                    IDS.forEach(id -> tool.rollBack(id, 1));
                }
                served.awaitStep(1);
                second.put(drops()).checkpoint(4);
                await().atMost(LIMIT).until(served.steps::isEmpty);
            }
            assertThat(served.refused).isEmpty();
        }
        assertThat(RawRecords.held(topic)).isEmpty();
    }

    @Test
    void oneThatStartsLaterReadsTheSame() throws Exception {
        AdapterTopics.createIfMissing(topic, 3, (short) 1);
        try (var running = PublishingJob.Setup.of(topic).start()) {
            running.put(versions(1)).checkpoint(1);
            running.put(versions(5)).checkpoint(2);
        }
        var served = new Served();
        try (var source = KafkaVersionSource.of(topic)) {
            source.start(served);
            source.awaitBootstrap(LIMIT);
            served.awaitStep(5);
        }
        assertThat(served.refused).isEmpty();
    }

    private Map<String, Boolean> listed() {
        return new AdapterTopicReader(topic)
                .list().stream().collect(Collectors.toMap(l -> l.head().name(), l -> l.current()));
    }

    private static AdapterVersion[] versions(long step) {
        return IDS.stream()
                .map(id -> RandomVersions.version(id, step, 700))
                .toArray(AdapterVersion[]::new);
    }

    private static AdapterVersion[] drops() {
        return IDS.stream()
                .map(id -> AdapterVersion.removal(id, 6, 0))
                .toArray(AdapterVersion[]::new);
    }

    /** Steps by plain id, if the bytes are that adapter's. */
    private static final class Served implements VersionSource.Listener {

        final Map<String, Long> steps = new ConcurrentHashMap<>();
        final Map<String, String> refused = new ConcurrentHashMap<>();

        void awaitStep(long step) {
            var all = IDS.stream().collect(Collectors.toMap(id -> id, id -> step));
            await().atMost(LIMIT).until(() -> steps.equals(all));
        }

        @Override
        public void current(AdapterVersion version) {
            if (version.equals(RandomVersions.version(version.adapterId(), version.step(), 700))) {
                steps.put(version.adapterId(), version.step());
            }
        }

        @Override
        public void none(String adapterId, long step) {}

        @Override
        public void removed(String adapterId) {
            steps.remove(adapterId);
        }

        @Override
        public void refused(String adapterId, String reason) {
            refused.put(adapterId, reason);
        }

        @Override
        public void failed(Throwable cause) {
            refused.put("", cause.toString());
        }
    }
}
