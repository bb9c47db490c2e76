package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.testing.EmbeddedKafka;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.RandomVersions;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class KafkaVersionSourceITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int CHUNK = 100;

    private final ToldVersions told = new ToldVersions();
    private final AdapterVersion first = RandomVersions.version("a", 1, 250);
    private final AdapterVersion second = RandomVersions.version("a", 2, 250);
    private AdapterTopic topic;

    @BeforeEach
    void createTopic() {
        topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 3, (short) 1);
    }

    @Test
    void catchesUpFollowsAndRollsBack() throws Exception {
        var other = RandomVersions.version("b", 5, 2_000_000);
        try (var writer = new AdapterTopicWriter(topic, "writer-" + topic.name());
                var source = KafkaVersionSource.of(topic)) {
            writer.publish(first);
            writer.publish(other);
            writer.publish(second);
            start(source);
            assertThat(told.log()).containsExactly("current a@2", "current b@5");
            assertThat(told.current("a")).isEqualTo(second);
            assertThat(told.current("b")).isEqualTo(other);

            writer.rollBack("a", 1);
            awaitCurrent(first);
            writer.publish(RandomVersions.version("a", 3, 10));
            awaitCurrent(RandomVersions.version("a", 3, 10));
            writer.unpublish("b");
            await().atMost(LIMIT).until(() -> told.current("b") == null);
            assertThat(told.log()).last().isEqualTo("removed b");
            assertThat(told.log()).noneMatch(line -> line.startsWith("refused"));
        }
    }

    @Test
    void aFreshReaderFallsBackToTheNewestVersionThatCanBeUsed() throws Exception {
        told.refuse(version -> version.step() >= 30);
        try (var writer = new AdapterTopicWriter(topic, "writer-" + topic.name());
                var source = KafkaVersionSource.of(topic)) {
            for (int step = 10; step <= 40; step += 10) {
                writer.publish(RandomVersions.version("a", step, 2_000_000)); // of chunks
            }
            writer.publish(other());
            told.asks(source::earlier);
            start(source);
            assertThat(told.log())
                    .containsExactly("current a@40", "current z@1", "current a@30", "current a@20");
            assertThat(told.current("a")).isEqualTo(RandomVersions.version("a", 20, 2_000_000));

            writer.rollBack("a", 10);
            awaitCurrent(RandomVersions.version("a", 10, 2_000_000));
        }
    }

    @Test
    void theThreadHasTheClassLoaderOfTheConnectorNotThatOfAJob() throws Exception {
        var job = new URLClassLoader(new URL[0], getClass().getClassLoader());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(job);
        try (var source = KafkaVersionSource.of(topic)) {
            start(source);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().endsWith(topic.name()))
                    .singleElement()
                    .extracting(Thread::getContextClassLoader)
                    .isSameAs(KafkaVersionSource.class.getClassLoader());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void anEmptyTopicIsReadAtOnce() throws Exception {
        try (var source = KafkaVersionSource.of(topic)) {
            start(source);
            assertThat(told.log()).isEmpty();
        }
    }

    @Test
    void aTransactionIsSeenWhenItCommitsAndNeverWhenItAborts() throws Exception {
        var uncommitted = new ToldVersions();
        try (var producer = transactional();
                var source = KafkaVersionSource.of(topic);
                var early =
                        new KafkaVersionSource(
                                topic, Isolation.READ_UNCOMMITTED, VersionLimits.DEFAULT)) {
            producer.beginTransaction();
            send(producer, Records.published(first, CHUNK));
            producer.commitTransaction();
            start(source);
            early.start(uncommitted);

            producer.beginTransaction();
            send(producer, Records.published(second, CHUNK));
            producer.flush();
            await().atMost(LIMIT).until(() -> second.equals(uncommitted.current("a")));
            assertThat(told.current("a")).isEqualTo(first);
            producer.abortTransaction();

            var third = RandomVersions.version("a", 3, 250);
            producer.beginTransaction();
            send(producer, Records.published(third, CHUNK));
            producer.commitTransaction();
            awaitCurrent(third);
            assertThat(told.log()).containsExactly("current a@1", "current a@3");
        }
    }

    @Test
    void aReaderThatComesWhileATransactionIsOpenDoesNotWaitForIt() throws Exception {
        try (var producer = transactional();
                var source = KafkaVersionSource.of(topic)) {
            producer.beginTransaction();
            send(producer, Records.published(first, CHUNK));
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, Records.published(second, CHUNK).subList(0, 2));
            producer.flush();
            start(source);
            assertThat(told.log()).containsExactly("current a@1");
            producer.abortTransaction();
        }
    }

    @Test
    void refusesBytesThatAreNotTheHashesAndKeepsTheVersionBefore() throws Exception {
        var broken = second.payload().clone();
        broken[100] ^= 1;
        var record = VersionRecords.DEFAULT.version(second).get(0);
        try (var producer = transactional();
                var source = KafkaVersionSource.of(topic)) {
            start(source);
            producer.beginTransaction();
            send(producer, Records.published(first, CHUNK));
            send(
                    producer,
                    List.of(
                            new TopicRecord("a", record.key(), record.headers(), broken),
                            Records.pointer(second)));
            producer.commitTransaction();
            await().atMost(LIMIT).until(() -> told.log().size() == 2);
            assertThat(told.current("a")).isEqualTo(first);
            assertThat(told.log().get(1)).contains("Payload with SHA-256");
        }
    }

    @Test
    void readsACompactedTopic() throws Exception {
        String name =
                KAFKA.newTopic(
                        1,
                        Map.of(
                                "cleanup.policy", "compact",
                                "min.cleanable.dirty.ratio", "0.01",
                                "segment.ms", "100",
                                "max.compaction.lag.ms", "100",
                                "delete.retention.ms", "0"));
        topic = AdapterTopic.at(KAFKA.bootstrapServers(), name);
        var records = new VersionRecords(CHUNK);
        try (var producer = transactional()) {
            for (int step = 1; step <= 20; step++) {
                producer.beginTransaction();
                send(producer, Records.published(RandomVersions.version("a", step, 250), CHUNK));
                if (step > 2) {
                    send(producer, VersionRecords.removal("a", step - 2, 3));
                }
                producer.commitTransaction();
            }
            // the segment that is written to is not compacted: another adapter goes on
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(
                            () -> {
                                producer.beginTransaction();
                                send(producer, Records.published(other(), CHUNK));
                                producer.commitTransaction();
                                return recordsOf("a");
                            },
                            count -> count == 2 * records.version(first).size() + 1);
        }
        try (var source = KafkaVersionSource.of(topic)) {
            start(source);
            assertThat(told.current("a")).isEqualTo(RandomVersions.version("a", 20, 250));
            assertThat(told.log()).hasSize(2).allMatch(line -> line.startsWith("current"));
        }
        assertThat(new AdapterTopicReader(topic).list())
                .extracting(listed -> listed.head().name() + " " + listed.current())
                .containsExactly("a@19 false", "a@20 true", "z@1 true");
    }

    @Test
    void aBrokerThatGoesAwayAndComesBackIsWaitedFor(@TempDir Path directory) throws Exception {
        try (var kafka = EmbeddedKafka.start(directory)) {
            topic = AdapterTopic.at(kafka.bootstrapServers(), "adapters");
            AdapterTopics.createIfMissing(topic, 1, (short) 1);
            try (var source = KafkaVersionSource.of(topic)) {
                try (var writer = new AdapterTopicWriter(topic, "before")) {
                    writer.publish(first);
                }
                start(source);
                kafka.restart();
                try (var writer = new AdapterTopicWriter(topic, "after")) {
                    writer.publish(second);
                }
                awaitCurrent(second);
                assertThat(told.log()).containsExactly("current a@1", "current a@2");
            }
        }
    }

    @Test
    void aBrokerThatDoesNotAnswerAtTheStartIsNamed() {
        var nowhere =
                AdapterTopic.at("127.0.0.1:1", "adapters")
                        .withConnectTimeout(Duration.ofMillis(300));
        String message =
                "Kafka at bootstrap.servers (127.0.0.1:1) must answer within 300 ms."
                        + " Maybe it is down, or the address is another.";
        try (var source = KafkaVersionSource.of(nowhere)) {
            source.start(told);
            assertThatThrownBy(() -> source.awaitBootstrap(LIMIT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(message);
        }
        assertThat(told.log()).containsExactly("failed: " + message);
        assertThatThrownBy(() -> AdapterTopics.check(nowhere)).hasMessage(message);
        assertThatThrownBy(() -> new AdapterTopicWriter(nowhere, "w")).hasMessage(message);
        assertThatThrownBy(() -> new AdapterTopicReader(nowhere).list()).hasMessage(message);
    }

    @Test
    void aTopicThatDoesNotExistIsNamed() {
        var missing = AdapterTopic.at(KAFKA.bootstrapServers(), "nothing-here");
        try (var source = KafkaVersionSource.of(missing)) {
            source.start(told);
            assertThatThrownBy(() -> source.awaitBootstrap(LIMIT))
                    .hasMessage(
                            "Adapter topic (nothing-here) must exist at "
                                    + KAFKA.bootstrapServers()
                                    + ". Maybe create it, compacted, or start the job that"
                                    + " trains.");
        }
    }

    @Test
    void saysWhatItWaitsForAndEndsWhenItIsClosed() throws Exception {
        var nowhere = AdapterTopic.at("127.0.0.1:1", "never-read");
        try (var source = KafkaVersionSource.of(nowhere)) {
            source.start(told);
            assertThatThrownBy(() -> source.awaitBootstrap(Duration.ofMillis(1)))
                    .hasMessage(
                            "Versions of topic never-read at 127.0.0.1:1 must go on being read within"
                                    + " PT0.001S: no broker answered yet.");
        }
        assertThat(told.log()).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("never-read"));
    }

    @Test
    void toolsFetchOneVersion() {
        var reader = new AdapterTopicReader(topic);
        try (var writer = new AdapterTopicWriter(topic, "tools-" + topic.name())) {
            writer.publish(first);
            writer.publish(second);
            assertThat(reader.fetch("a", 1)).contains(first);
            assertThat(reader.current("a")).contains(second);
            assertThat(reader.current("b")).isEmpty();
            assertThatThrownBy(() -> writer.rollBack("a", 9))
                    .hasMessage(
                            "Version a@9 must be in topic "
                                    + topic.name()
                                    + ". Maybe it is older than versions.keep.");
        }
    }

    private void start(KafkaVersionSource source) throws InterruptedException {
        source.start(told);
        source.awaitBootstrap(LIMIT);
    }

    private void awaitCurrent(AdapterVersion version) {
        Callable<AdapterVersion> current = () -> told.current(version.adapterId());
        await().atMost(LIMIT).until(current, version::equals);
    }

    private static AdapterVersion other() {
        return RandomVersions.version("z", 1, 10);
    }

    private long recordsOf(String adapterId) {
        long[] count = new long[1];
        try (var consumer = new TopicConsumer(topic, Isolation.READ_COMMITTED)) {
            consumer.connect();
            var ends = consumer.ends();
            while (consumer.remaining(ends) > 0) {
                consumer.poll(
                        record ->
                                count[0] += new String(record.key()).startsWith(adapterId) ? 1 : 0);
            }
        }
        return count[0];
    }

    private KafkaProducer<byte[], byte[]> transactional() {
        var bytes = new ByteArraySerializer();
        var config = topic.producerConfig("test-" + topic.name());
        var producer = new KafkaProducer<>(config, bytes, bytes);
        producer.initTransactions();
        return producer;
    }

    private void send(KafkaProducer<byte[], byte[]> producer, List<TopicRecord> records) {
        int partitions = producer.partitionsFor(topic.name()).size();
        records.forEach(record -> producer.send(record.toKafka(topic.name(), partitions)));
    }
}
