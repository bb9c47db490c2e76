package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.testing.EmbeddedKafka;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.RandomVersions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicPublisherITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final TopicPublisher.Listener NOBODY = new Nobody();

    @Test
    void aProducerThatWasIdleIsReplaced() {
        AdapterTopic topic = newTopic(Map.of());
        try (var publisher = publisher(topic, "w1", TopicWriter.Takeover.REFUSED)) {
            publisher.begin(NOBODY);
            for (int step = 1; step < 4; step++) {
                publish(publisher, step);
            }
        }
        assertThat(new AdapterTopicReader(topic).list()).hasSize(3);
    }

    @Test
    void oneThatWasShutOutMeanwhileDoesNotComeBackByIt() {
        AdapterTopic topic = newTopic(Map.of());
        try (var first = publisher(topic, "w1", TopicWriter.Takeover.WANTED);
                var second = publisher(topic, "w2", TopicWriter.Takeover.WANTED)) {
            first.begin(NOBODY);
            publish(first, 1);
            second.begin(NOBODY);
            publish(second, 2);
            assertThatThrownBy(() -> publish(first, 3)).hasMessageContaining(") was taken over by");
            publish(second, 4);
        }
        assertThat(new AdapterTopicReader(topic).list())
                .extracting(listed -> listed.head().step())
                .containsExactly(1L, 2L, 4L);
    }

    @Test
    void kafkasReasonIsSaid() {
        AdapterTopic topic = newTopic(Map.of("max.request.size", "1000"));
        try (var publisher = publisher(topic, "w1", TopicWriter.Takeover.REFUSED)) {
            publisher.begin(NOBODY);
            assertThatThrownBy(() -> publish(publisher, RandomVersions.version("a", 1, 5_000)))
                    .hasMessageStartingWith(
                            "Adapter topic (" + topic.name() + ") must take records")
                    .hasMessageContaining("Kafka says: The message is ")
                    .hasMessageContaining("larger than 1000");
        }
    }

    @Test
    void kafkasReasonIsSaidThoughTheTransactionCannotBeEnded(@TempDir Path directory)
            throws Exception {
        try (var kafka = EmbeddedKafka.start(directory)) {
            var impatient =
                    Map.of(
                            "delivery.timeout.ms", "3000",
                            "request.timeout.ms", "2000",
                            "linger.ms", "0");
            var topic =
                    new AdapterTopic(
                            kafka.bootstrapServers(), "adapters", impatient, Duration.ofSeconds(5));
            AdapterTopics.createIfMissing(topic, 1, (short) 1);
            try (var producer = new TopicProducer(topic, "id", MINUTE)) {
                var records = VersionRecords.DEFAULT.version(RandomVersions.version("a", 1, 9));
                assertThatThrownBy(
                                () ->
                                        producer.write(
                                                1,
                                                out -> {
                                                    kafka.stop();
                                                    records.forEach(out);
                                                }))
                        .hasMessageStartingWith("Adapter topic (adapters) must take records at")
                        .hasMessageContaining("Kafka says: ")
                        .hasMessageNotContaining("nvalid transition");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"PT1S, PT1M30S", "PT1M, PT1M30S", "PT5M, PT5M30S"})
    void aToolsTransactionIsWaitedFor(Duration own, Duration patience) {
        var topic = AdapterTopic.at("x:1", "t");
        var settings = new TopicWriter.Settings(topic, "p", own, TopicWriter.Takeover.REFUSED);
        assertThat(settings.patience()).isEqualTo(patience);
    }

    @Test
    void aReaderNoticesPartitionsThatAreAdded() throws Exception {
        AdapterTopic topic = newTopic(Map.of("metadata.max.age.ms", "200"));
        var told = new ToldVersions();
        try (var source = KafkaVersionSource.of(topic);
                var admin = Admin.create(Map.of("bootstrap.servers", topic.servers()))) {
            source.start(told);
            source.awaitBootstrap(MINUTE);
            write(topic, 1, "a");
            await().atMost(MINUTE).until(() -> told.current("a") != null);
            var more = Map.of(topic.name(), NewPartitions.increaseTo(3));
            admin.createPartitions(more).all().get();
            for (String id : List.of("b", "c", "d", "e")) {
                write(topic, 3, id);
            }
            await().atMost(MINUTE).until(() -> told.current().size() == 5);
            assertThat(told.log()).as("what did not change is not told again").hasSize(5);
        }
    }

    private static void write(AdapterTopic topic, int partitions, String id) throws Exception {
        var bytes = new ByteArraySerializer();
        Map<String, Object> config = Map.of("bootstrap.servers", topic.servers());
        try (var producer = new KafkaProducer<>(config, bytes, bytes)) {
            for (var record : Records.published(RandomVersions.version(id, 1, 50), 100)) {
                producer.send(record.toKafka(topic.name(), partitions)).get();
            }
        }
    }

    private static AdapterTopic newTopic(Map<String, String> properties) {
        var topic =
                new AdapterTopic(
                        KAFKA.bootstrapServers(),
                        KAFKA.newName(),
                        properties,
                        AdapterTopic.CONNECT_TIMEOUT);
        AdapterTopics.createIfMissing(topic, 1, (short) 1);
        return topic;
    }

    /** One that takes itself for idle at once. */
    private static TopicPublisher publisher(
            AdapterTopic topic, String writer, TopicWriter.Takeover takeover) {
        return new TopicPublisher(
                new TopicWriter.Settings(topic, "trainer", MINUTE, takeover),
                new TopicWriter(writer, "job", 0, 1, TopicWriter.Before.NOTHING),
                new KafkaTopicLog(topic),
                Duration.ZERO);
    }

    private static void publish(TopicPublisher publisher, long step) {
        publish(publisher, RandomVersions.version("a", step, 50));
    }

    private static void publish(TopicPublisher publisher, AdapterVersion version) {
        publisher.publish(out -> VersionRecords.DEFAULT.version(version).forEach(out));
    }

    private static final class Nobody implements TopicPublisher.Listener {
        @Override
        public void anotherTopic() {}

        @Override
        public void version(VersionHead head) {}

        @Override
        public void removed(String adapterId, long step) {}

        @Override
        public void pointer(String adapterId, long step) {}

        @Override
        public void pointerRemoved(String adapterId) {}
    }
}
