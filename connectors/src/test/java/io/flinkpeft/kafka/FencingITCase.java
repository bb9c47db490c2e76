package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.kafka.topic.JobTopics;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.RandomVersions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FencingITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    private AdapterTopic topic;
    private PublishingJob.Setup first;
    private PublishingJob.Setup second;

    @BeforeEach
    void newTopic() {
        topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 2, (short) 1);
        first = PublishingJob.Setup.of(topic);
        second = first.writer("w2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trainer", "another"})
    void aSecondJobIsRefusedAtItsStart(String prefix) throws Exception {
        try (var running = first.start()) {
            running.put(a(1)).checkpoint(1);
            assertThatThrownBy(() -> second.prefix(prefix).start())
                    .isInstanceOf(SuppressRestartsException.class)
                    .hasRootCauseMessage(refused("w1"));
            running.put(a(2)).checkpoint(2);
        }
        assertThat(current()).isEqualTo(a(2));
    }

    @Test
    void ofTwoThatStartedTogetherTheSecondIsRefusedWhenItWouldWrite() throws Exception {
        try (var one = first.start();
                var other = second.start()) {
            one.put(a(1)).checkpoint(1);
            other.put(a(7)).snapshot(1);
            assertThatThrownBy(() -> other.complete(1)).hasMessage(refused("w1"));
            one.put(a(2)).checkpoint(2);
        }
        assertThat(CommittedRecords.keys(topic, "a")).doesNotContain("a@7");
    }

    @Test
    void ofTwoThatWriteAtOnceOneIsRefused() throws Exception {
        try (var one = first.start();
                var other = second.start()) {
            one.put(a(1)).snapshot(1);
            other.put(a(1)).snapshot(1);
            var threads = Executors.newFixedThreadPool(2);
            List<Callable<Boolean>> both = List.of(() -> completes(one), () -> completes(other));
            var results = threads.invokeAll(both);
            threads.shutdown();
            assertThat(results).extracting(result -> result.get()).containsOnlyOnce(true);
        }
        assertThat(CommittedRecords.keys(topic, "a")).containsExactly("a@1", "a");
    }

    @Test
    void aJobMayTakeOverAndShutsTheOtherOut() throws Exception {
        OperatorSubtaskState state;
        try (var one = first.start()) {
            state = one.put(a(1)).checkpoint(1);
            try (var other = second.takingOver().start()) {
                other.put(a(1), a(2), a(3)).checkpoint(1);
                one.put(a(2)).snapshot(2);
                assertThatThrownBy(() -> one.complete(2))
                        .hasMessageContaining(") was taken over by job ");
                other.put(a(4)).checkpoint(2);
            }
        }
        for (var again : List.of(first, first.takingOver())) {
            assertThatThrownBy(() -> again.restore(state))
                    .hasMessageStartingWith(
                            "Adapter topic (" + topic.name() + ") was taken over by job ")
                    .hasMessageEndingWith(
                            "this job must not write it any more. The job keeps its state and"
                                    + " tries again.");
        }
        assertThat(current()).isEqualTo(a(4));
        assertThat(CommittedRecords.keys(topic, "a"))
                .as("nothing twice")
                .containsExactly("a@1", "a", "a@2", "a", "a@3", "a", "a@4", "a");
    }

    @Test
    void aRestoredJobGoesOnWhateverItIsCalled() throws Exception {
        OperatorSubtaskState state;
        try (var one = first.start()) {
            state = one.put(a(1)).checkpoint(1);
        }
        for (int attempt = 2; attempt < 5; attempt++) {
            var job = first.writer("w" + attempt).prefix("p" + attempt).parallelism(attempt);
            try (var restored = job.restore(state)) {
                state = restored.put(a(attempt)).checkpoint(attempt);
            }
        }
        assertThat(current()).isEqualTo(a(4));
    }

    @Test
    void aJobThatFailedBeforeItsFirstCheckpointStartsAgain() throws Exception {
        try (var one = first.start()) {
            one.put(a(1)).checkpoint(1);
        }
        try (var again = first.start()) {
            again.put(a(1), a(2)).checkpoint(1);
        }
        assertThat(CommittedRecords.keys(topic, "a")).containsExactly("a@1", "a", "a@2", "a");
    }

    @Test
    void ofTwoJobsFromOneStateTheSlowerOneIsRefused() throws Exception {
        OperatorSubtaskState state;
        try (var one = first.start()) {
            state = one.put(a(1)).checkpoint(1);
        }
        try (var two = second.restore(state);
                var three = first.writer("w3").restore(state)) {
            two.put(a(2)).checkpoint(2);
            three.put(a(2)).snapshot(2);
            assertThatThrownBy(() -> three.complete(2)).hasMessage(refused("w2"));
        }
    }

    @Test
    void aStateThatIsNotTheWritersIsKeptAndTriedAgain() throws Exception {
        OperatorSubtaskState state;
        try (var one = first.start()) {
            state = one.snapshot(1);
        }
        try (var other = second.start()) {
            other.put(a(1)).checkpoint(1);
        }
        assertThatThrownBy(() -> first.restore(state))
                .isNotInstanceOf(SuppressRestartsException.class)
                .hasMessage(refused("w2") + " The job keeps its state and tries again.");
    }

    @Test
    void aClaimIsOfTheWholeTopicWhateverItsWritersAdapters() throws Exception {
        try (var one = first.start();
                var other = second.start()) {
            one.put(a(1)).checkpoint(1);
            other.put(RandomVersions.version("b", 1, 100)).snapshot(1);
            assertThatThrownBy(() -> other.complete(1)).hasMessage(refused("w1"));
        }
        assertThatThrownBy(() -> second.start()).hasRootCauseMessage(refused("w1"));
        assertThat(CommittedRecords.of(topic)).containsOnlyKeys("a");
    }

    @Test
    void whoWritesIsKnownBeforeAJobStarts() throws Exception {
        assertThat(writer()).as("of a new topic").isEmpty();
        try (var one = first.start()) {
            assertThat(writer()).as("before it writes").isEmpty();
            one.put(a(1)).checkpoint(1);
        }
        assertThat(writer()).contains("job mock-job (transactional ids trainer-w1-*)");
        try (var other = second.takingOver().start()) {
            other.put(a(2)).checkpoint(1);
        }
        assertThat(writer()).contains("job mock-job (transactional ids trainer-w2-*)");
        topic = AdapterTopic.at(topic.servers(), KAFKA.newName());
        assertThat(writer()).as("where there is no topic").isEmpty();
    }

    private Optional<String> writer() {
        try (var topics = new JobTopics(topic)) {
            return topics.writer();
        }
    }

    @Test
    void aClaimThatCannotBeReadIsSomebodys() throws Exception {
        var bytes = new ByteArraySerializer();
        Map<String, Object> config = Map.of("bootstrap.servers", topic.servers());
        byte[] key = "@writer".getBytes();
        try (var producer = new KafkaProducer<>(config, bytes, bytes)) {
            producer.send(new ProducerRecord<>(topic.name(), 0, key, new byte[1])).get();
            assertThatThrownBy(() -> first.start())
                    .isInstanceOf(SuppressRestartsException.class)
                    .rootCause()
                    .hasMessageContaining("is written by job ? [Header peft.format (0 times)");
            assertThat(writer().orElseThrow()).startsWith("job ? [Header peft.format (0 times)");
            producer.send(new ProducerRecord<>(topic.name(), 0, key, null)).get();
        }
        try (var free = first.start()) {
            free.put(a(1)).checkpoint(1);
        }
        assertThat(current()).isEqualTo(a(1));
    }

    @Test
    void whatADeadJobLeftOpenHoldsNobodyUp() throws Exception {
        OperatorSubtaskState state;
        try (var one = first.start()) {
            one.put(a(1)).checkpoint(1);
            state = one.put(a(2)).snapshot(2);
        }
        var bytes = new ByteArraySerializer();
        var config =
                Map.<String, Object>of(
                        "bootstrap.servers",
                        topic.servers(),
                        "transactional.id",
                        "trainer-w1-0-of-1",
                        "transaction.timeout.ms",
                        600_000);
        try (var dead = new KafkaProducer<>(config, bytes, bytes)) {
            dead.initTransactions();
            dead.beginTransaction();
            for (int partition = 0; partition < 2; partition++) {
                dead.send(new ProducerRecord<>(topic.name(), partition, "a@2".getBytes(), null))
                        .get();
            }
            try (var restored = second.parallelism(2).restore(state)) {
                restored.checkpoint(3);
            }
            assertThat(current()).isEqualTo(a(2));
        }
    }

    private static boolean completes(PublishingJob job) {
        try {
            job.complete(1);
            return true;
        } catch (Exception e) {
            assertThat(e).hasMessageContaining("must have one writer");
            return false;
        }
    }

    private String refused(String writer) {
        return "Adapter topic ("
                + topic.name()
                + ") is written by job mock-job (transactional ids trainer-"
                + writer
                + "-*), must have one writer. Maybe stop that job and restore this one from its"
                + " state; if it will not come back, set adapters.take-over.";
    }

    private AdapterVersion current() {
        CommittedRecords.awaitDecided(topic);
        return new AdapterTopicReader(topic).current("a").orElse(null);
    }

    private static AdapterVersion a(long step) {
        return RandomVersions.version("a", step, 100);
    }
}
