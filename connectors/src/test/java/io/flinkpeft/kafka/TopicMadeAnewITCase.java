package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.RandomVersions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Offsets in the state are of one topic; another may have its name. */
class TopicMadeAnewITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    private AdapterTopic topic;
    private PublishingJob.Setup job;
    private OperatorSubtaskState state;

    @BeforeEach
    void publishSome() throws Exception {
        topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 1, (short) 1);
        job = PublishingJob.Setup.of(topic);
        try (var running = job.start()) {
            running.put(a(1), a(2)).checkpoint(1);
            state = running.put(a(3)).checkpoint(2);
        }
    }

    /** With fewer records than the offsets say, and with more. */
    @ParameterizedTest
    @ValueSource(ints = {1, 40})
    void theClaimInItIsSeen(int records) throws Exception {
        makeAnew(topic);
        var other = job.writer("other");
        try (var running = other.start()) {
            for (int step = 1; step <= records; step++) {
                running.put(RandomVersions.version("b", step, 10)).checkpoint(step);
            }
            for (var restored : List.of(job, job.writer("w2"), job.parallelism(2))) {
                assertThatThrownBy(() -> restored.restore(state))
                        .hasMessageContaining(
                                "is written by job mock-job (transactional ids"
                                        + " trainer-other-*), must have one writer");
            }
            running.put(RandomVersions.version("b", 99, 10)).checkpoint(99);
        }
        try (var taking = job.writer("w2").takingOver().restore(state)) {
            taking.put(a(4)).checkpoint(3);
        }
        assertThat(current("a")).isEqualTo(a(4));
        assertThat(current("b").step()).isEqualTo(99);
    }

    @Test
    void whatWasInTheOldOneIsForgotten() throws Exception {
        makeAnew(topic);
        try (var restored = job.writer("w2").restore(state)) {
            restored.put(a(4)).checkpoint(3);
            assertThat(CommittedRecords.keys(topic, "a"))
                    .as("what waited, and what is new")
                    .containsExactly("a@3", "a", "a@4", "a");
            restored.put(a(5), a(6), a(7), a(8)).checkpoint(4);
        }
        assertThat(CommittedRecords.keys(topic, "a"))
                .as("of the new topic's versions the oldest goes")
                .containsOnlyOnce("a@8", "a@5")
                .doesNotContain("a@1", "a@2")
                .endsWith("a@8", "a", "a@4");
    }

    @Test
    void aJobThatMovesToAnotherTopicBeginsThere() throws Exception {
        var elsewhere = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(elsewhere, 3, (short) 1);
        var filler = PublishingJob.Setup.of(elsewhere).writer("w9");
        try (var running = filler.start()) {
            for (int step = 1; step < 20; step++) {
                running.put(RandomVersions.version("b", step, 10)).checkpoint(step);
            }
        }
        var moved = PublishingJob.Setup.of(elsewhere);
        assertThatThrownBy(() -> moved.restore(state)).hasMessageContaining("trainer-w9-*");
        try (var restored = moved.takingOver().restore(state)) {
            restored.put(a(4)).checkpoint(3);
        }
        assertThat(CommittedRecords.keys(elsewhere, "a")).containsExactly("a@3", "a", "a@4", "a");
    }

    @Test
    void aJobThatRunsFailsOnceAndGoesOn() throws Exception {
        OperatorSubtaskState later;
        try (var running = job.writer("w2").restore(state)) {
            running.put(a(4)).checkpoint(3);
            makeAnew(topic);
            later = running.put(a(5)).snapshot(4);
            assertThatThrownBy(() -> running.complete(4))
                    .hasMessage(
                            "Adapter topic ("
                                    + topic.name()
                                    + ") must stay the same while a job writes it, was made anew."
                                    + " The job reads it from its beginning when it restarts.");
        }
        try (var again = job.writer("w2").restore(later)) {
            again.checkpoint(5);
        }
        assertThat(CommittedRecords.keys(topic, "a")).containsExactly("a@5", "a");
    }

    private static void makeAnew(AdapterTopic topic) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", topic.servers());
        try (Admin admin = Admin.create(config)) {
            admin.deleteTopics(List.of(topic.name())).all().get();
            await().atMost(Duration.ofMinutes(10))
                    .until(() -> !admin.listTopics().names().get().contains(topic.name()));
        }
        AdapterTopics.createIfMissing(topic, 1, (short) 1);
    }

    private AdapterVersion current(String id) {
        CommittedRecords.awaitDecided(topic);
        return new AdapterTopicReader(topic).current(id).orElse(null);
    }

    private static AdapterVersion a(long step) {
        return RandomVersions.version("a", step, 100);
    }
}
