package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.kafka.topic.AdapterTopicWriter;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.RandomVersions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepublicationITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    private AdapterTopic topic;
    private PublishingJob.Setup job;

    @BeforeEach
    void newTopic() {
        topic = newEmptyTopic();
        job = PublishingJob.Setup.of(topic);
    }

    @Test
    void aVersionIsWrittenWhenItsCheckpointIsComplete() throws Exception {
        try (var running = job.start()) {
            running.put(a(1), a(2)).snapshot(1);
            running.put(a(3)).snapshot(2);
            assertThat(keys()).isEmpty();
            running.complete(1);
            assertThat(keys()).containsExactly("a@1", "a", "a@2#0", "a@2#1", "a@2", "a");
            running.put(a(4), a(5));
            running.complete(2);
            assertThat(current()).as("of the second checkpoint").contains(a(3));
            running.checkpoint(4);
            assertThat(keys())
                    .endsWith("a@5", "a", "a@1")
                    .doesNotContainSequence("a", "a@2", "a@2#0");
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {HashMapStateBackend.class, EmbeddedRocksDBStateBackend.class})
    void aLostPublicationIsMadeUpForBeforeAnythingNew(Class<? extends StateBackend> backend)
            throws Exception {
        job = job.backend(backend.getDeclaredConstructor().newInstance());
        OperatorSubtaskState state;
        try (var first = job.start()) {
            first.put(a(1), b(1)).checkpoint(1);
            state = first.put(a(2), a(3), b(2)).snapshot(2);
        }
        assertThat(current()).contains(a(1));
        try (var second = job.writer("w2").restore(state)) {
            second.put(a(4), b(3)).checkpoint(3);
        }
        assertThat(records()).isEqualTo(uninterrupted(a(1), a(2), a(3), a(4), b(1), b(2), b(3)));
    }

    @Test
    void whatWasWrittenBeforeTheCrashIsNotWrittenAgain() throws Exception {
        OperatorSubtaskState state;
        try (var first = job.start()) {
            first.put(a(1), a(2), a(3), a(4)).checkpoint(1);
            state = first.put(a(5), a(6), b(1)).checkpoint(2);
        }
        try (var second = job.restore(state)) {
            second.put(a(7)).checkpoint(3);
        }
        assertThat(records())
                .isEqualTo(uninterrupted(a(1), a(2), a(3), a(4), a(5), a(6), a(7), b(1)));
    }

    @Test
    void anOlderStateNeverTakesThePointerBack() throws Exception {
        OperatorSubtaskState old;
        try (var first = job.start()) {
            old = first.put(a(1)).checkpoint(1);
            first.put(a(2), b(1)).checkpoint(2);
            for (int step = 3; step < 9; step++) {
                first.put(a(step)).checkpoint(step);
            }
        }
        try (var second = job.writer("w2").restore(old)) {
            for (int step = 2; step < 10; step++) {
                second.put(a(step)).checkpoint(step);
            }
            second.put(b(1)).checkpoint(10);
        }
        assertThat(records())
                .isEqualTo(
                        uninterrupted(a(1), a(2), a(3), a(4), a(5), a(6), a(7), a(8), a(9), b(1)));
    }

    @Test
    void aRollBackStaysWhenALostVersionIsPublishedAgain() throws Exception {
        OperatorSubtaskState state;
        try (var first = job.start()) {
            first.put(a(1), a(2)).checkpoint(1);
            state = first.put(a(3), b(1)).snapshot(2);
        }
        rollBack(1);
        try (var second = job.restore(state)) {
            second.checkpoint(3);
            assertThat(current()).contains(a(1));
            assertThat(new AdapterTopicReader(topic).fetch("a", 3)).contains(a(3));
            assertThat(new AdapterTopicReader(topic).current("b")).contains(b(1));
            second.put(a(4)).checkpoint(4);
            assertThat(current()).as("what is learnt after it").contains(a(4));
        }
    }

    @Test
    void aRollBackStaysWhenVersionsAreReplayed() throws Exception {
        OperatorSubtaskState state;
        try (var first = job.start()) {
            state = first.put(a(1)).checkpoint(1);
            first.put(a(2), a(3)).checkpoint(2);
        }
        rollBack(2);
        try (var second = job.restore(state)) {
            second.put(a(2), a(3)).checkpoint(3);
        }
        assertThat(current()).contains(a(2));
    }

    @Test
    void theTopicForgetsAnAdapterThatWasDropped() throws Exception {
        var drop = AdapterVersion.removal("a", 4, 0);
        OperatorSubtaskState state;
        try (var first = job.start()) {
            first.put(a(1), a(2), b(1)).checkpoint(1);
            state = first.put(a(3), drop).snapshot(2);
        }
        try (var second = job.restore(state)) {
            second.checkpoint(3);
            assertThat(keys()).endsWith("a@3", "a", "a", "a@1", "a@2", "a@2#0", "a@2#1", "a@3");
            assertThat(current()).isEmpty();
            assertThat(new AdapterTopicReader(topic).list()).hasSize(1);
            second.put(drop, a(5)).checkpoint(4);
        }
        assertThat(current()).contains(a(5));
        try (var third = job.restore(state)) {
            third.put(a(5)).checkpoint(5);
        }
        assertThat(records()).isEqualTo(uninterrupted(a(1), a(2), a(3), drop, a(5), b(1)));
    }

    @Test
    void anotherParallelismChangesNothing() throws Exception {
        OperatorSubtaskState state;
        try (var two = job.parallelism(2).start()) {
            two.put(all(1)).checkpoint(1);
            state = two.put(all(2)).snapshot(2);
            two.put(all(3));
        }
        try (var three = job.parallelism(3).restore(state)) {
            three.put(all(3)).checkpoint(3);
            state = three.put(all(4)).checkpoint(4);
        }
        try (var one = job.parallelism(1).restore(state)) {
            one.put(all(5)).checkpoint(5);
        }
        assertThat(records()).isEqualTo(uninterrupted(all(1), all(2), all(3), all(4), all(5)));
    }

    @Test
    void aCrashBetweenTheTransactionsOfACheckpointLosesAndDoublesNothing() throws Exception {
        OperatorSubtaskState state;
        var many = new AdapterVersion[20];
        for (int i = 0; i < many.length / 2; i++) {
            many[i] = a(i + 2);
            many[i + many.length / 2] = b(i + 2);
        }
        try (var first = stalled().start()) {
            first.put(a(1), b(1)).checkpoint(1);
            state = first.put(many).snapshot(2);
            Stall.untilAborted(topic.servers(), "trainer-w1-0-of-1", "b@");
            assertThatThrownBy(() -> first.complete(2))
                    .hasMessageContaining("Kafka gave a transaction up after its timeout");
        }
        assertThat(current().orElseThrow().step()).as("of the first transactions").isGreaterThan(1);
        assertThat(CommittedRecords.keys(topic, "b")).doesNotContain("b@11");
        try (var second = job.restore(state)) {
            second.put(a(12)).checkpoint(3);
        }
        assertThat(records())
                .isEqualTo(
                        uninterrupted(
                                new AdapterVersion[] {a(1), b(1)},
                                many,
                                new AdapterVersion[] {a(12)}));
    }

    /** A job whose transactions can be held up. */
    private PublishingJob.Setup stalled() {
        var slow =
                new AdapterTopic(
                        topic.servers(),
                        topic.name(),
                        Map.of("interceptor.classes", Stall.class.getName()),
                        topic.connectTimeout());
        return PublishingJob.Setup.of(slow).timeout(Duration.ofMillis(500));
    }

    @Test
    void aTransactionThatTheBrokerGaveUpIsWrittenAgain() throws Exception {
        OperatorSubtaskState state;
        try (var first = stalled().start()) {
            first.put(a(1)).checkpoint(1);
            state = first.put(a(2), a(3)).snapshot(2);
            Stall.untilAborted(topic.servers(), "trainer-w1-0-of-1");
            assertThatThrownBy(() -> first.complete(2))
                    .hasMessageContaining("Kafka gave a transaction up after its timeout");
        }
        assertThat(current()).contains(a(1));
        try (var second = job.restore(state)) {
            second.put(a(4)).checkpoint(3);
        }
        assertThat(records()).isEqualTo(uninterrupted(a(1), a(2), a(3), a(4)));
    }

    @Test
    @Timeout(600)
    void whatAProcessLeftOpenWhenItDiedIsNotWaitedFor() throws Exception {
        var patient = job.timeout(Duration.ofMinutes(10));
        OperatorSubtaskState state;
        try (var first = patient.start()) {
            first.put(a(1)).checkpoint(1);
            state = first.put(a(2)).snapshot(2);
        }
        leaveOpen("trainer-w1-0-of-1");
        try (var second = patient.restore(state)) {
            second.put(a(3)).checkpoint(3);
        }
        assertThat(records()).isEqualTo(uninterrupted(a(1), a(2), a(3)));
    }

    /** A transaction that nobody will end. */
    private void leaveOpen(String transactionalId) throws Exception {
        Map<String, Object> config =
                Map.of("bootstrap.servers", topic.servers(), "transactional.id", transactionalId);
        var bytes = new ByteArraySerializer();
        var producer = new KafkaProducer<>(config, bytes, bytes);
        producer.initTransactions();
        producer.beginTransaction();
        for (int partition = 0; partition < 2; partition++) {
            byte[] key = "a@2".getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic.name(), partition, key, new byte[1])).get();
        }
        producer.close(Duration.ZERO);
    }

    private Map<String, List<String>> records() {
        return CommittedRecords.of(topic);
    }

    private List<String> keys() {
        return CommittedRecords.keys(topic, "a");
    }

    private Optional<AdapterVersion> current() {
        CommittedRecords.awaitDecided(topic);
        return new AdapterTopicReader(topic).current("a");
    }

    private void rollBack(long step) {
        CommittedRecords.awaitDecided(topic);
        try (var writer = new AdapterTopicWriter(topic, "tool-" + topic.name())) {
            writer.rollBack("a", step);
        }
    }

    /** The records of a job that nothing happened to. */
    private static Map<String, List<String>> uninterrupted(AdapterVersion[]... versions)
            throws Exception {
        AdapterTopic clean = newEmptyTopic();
        try (var job = PublishingJob.Setup.of(clean).start()) {
            for (var some : versions) {
                job.put(some);
            }
            job.checkpoint(1);
        }
        return CommittedRecords.of(clean);
    }

    private static Map<String, List<String>> uninterrupted(AdapterVersion... versions)
            throws Exception {
        return uninterrupted(new AdapterVersion[][] {versions});
    }

    private static AdapterTopic newEmptyTopic() {
        var topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 2, (short) 1);
        return topic;
    }

    private static AdapterVersion a(long step) {
        return RandomVersions.version("a", step, step % 2 == 0 ? 500 : 100);
    }

    private static AdapterVersion b(long step) {
        return RandomVersions.version("b", step, 100);
    }

    private static AdapterVersion[] all(long step) {
        var versions = new AdapterVersion[6];
        for (int i = 0; i < versions.length; i++) {
            versions[i] = RandomVersions.version("k" + i, step, 400);
        }
        return versions;
    }
}
