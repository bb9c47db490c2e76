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
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may write a topic after everything that may happen to jobs, tools and the topic itself. */
class OneWriterITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    private AdapterTopic topic;
    private PublishingJob.Setup a;
    private PublishingJob.Setup b;
    private PublishingJob.Setup c;

    @BeforeEach
    void newTopic() {
        topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 2, (short) 1);
        a = PublishingJob.Setup.of(topic).takingOver();
        b = a.writer("w2");
        c = a.writer("w3");
    }

    @Test
    void whoWasShutOutStaysSoWhenItsSuccessorIsRescaled() throws Exception {
        OperatorSubtaskState old = published(a, null, 1);
        OperatorSubtaskState state = published(b, null, 2);
        for (int parallelism = 2; parallelism < 5; parallelism++) {
            state = published(b.parallelism(parallelism), state, parallelism + 1);
            assertRefused(a, old);
            assertRefused(a, null);
        }
    }

    @Tag("nightly")
    @Test
    void whoWasShutOutStaysSoWhenItsSuccessorIsDeployedAgain() throws Exception {
        OperatorSubtaskState old = published(a, null, 1);
        OperatorSubtaskState state = published(b, null, 2);
        for (int deployment = 3; deployment < 6; deployment++) {
            state = published(b.writer("w2-" + deployment), state, deployment);
            assertRefused(a, old);
        }
        published(b.writer("w2-6").parallelism(3), state, 6);
        assertRefused(a, old);
    }

    @Tag("nightly")
    @Test
    void allOfARowOfSuccessorsStayOut() throws Exception {
        OperatorSubtaskState first = published(a, null, 1);
        OperatorSubtaskState second = published(b, null, 2);
        OperatorSubtaskState third = published(c, null, 3);
        assertRefused(a, first);
        assertRefused(b, second);
        published(c.parallelism(2), third, 4);
        assertRefused(a, first);
        assertRefused(b, second);
        assertRefused(b.parallelism(3), second);
    }

    @Tag("nightly")
    @Test
    void aRunningOneIsShutOutThoughItsSuccessorWasRescaled() throws Exception {
        try (var running = a.start()) {
            running.put(version(1)).checkpoint(1);
            OperatorSubtaskState state = published(b, null, 2);
            published(b.parallelism(2), state, 3);
            running.put(version(7)).snapshot(2);
            assertThatThrownBy(() -> running.complete(2)).hasMessageContaining("was taken over");
        }
        assertThat(current()).isEqualTo(version(3));
    }

    @Test
    void aToolPublishesOnlyWhereNoJobWrites() throws Exception {
        try (var tool = new AdapterTopicWriter(topic, "tool-" + topic.name())) {
            tool.publish(version(5));
            OperatorSubtaskState state;
            try (var running = a.start()) {
                state = running.put(version(1), version(6), version(7)).checkpoint(1);
            }
            assertThat(CommittedRecords.keys(topic, "a")).doesNotContain("a@1").contains("a@7");
            assertThatThrownBy(() -> tool.publish(version(5_000)))
                    .hasMessage(
                            "Version a@5000 must go to a topic that no job writes, "
                                    + topic.name()
                                    + " is written by job mock-job. Maybe use another topic.");
            assertThat(CommittedRecords.keys(topic, "a")).doesNotContain("a@5000");
            tool.rollBack("a", 5);
            assertThat(current()).isEqualTo(version(5));
            published(a, state, 8);
            assertThat(current()).isEqualTo(version(8));
        }
    }

    @Test
    void partitionsThatAreAddedGetNoAdapters() throws Exception {
        OperatorSubtaskState state;
        try (var running = a.start()) {
            running.put(many(1)).checkpoint(1);
            addPartitions(7);
            state = running.put(many(2)).checkpoint(2);
        }
        try (var restored = b.parallelism(2).restore(state)) {
            restored.put(many(3)).checkpoint(3);
        }
        try (var fresh = c.start()) {
            fresh.put(many(4)).checkpoint(4);
        }
        try (var tool = new AdapterTopicWriter(topic, "tool-" + topic.name())) {
            tool.rollBack("k1", 2);
            tool.unpublish("k2");
        }
        Map<String, List<Integer>> held = RawRecords.held(topic);
        assertThat(held).hasSize(20 * 5 - 1).doesNotContainKey("k2");
        assertThat(held.values()).allMatch(list -> list.size() == 1 && list.get(0) < 2);
        assertThat(new AdapterTopicReader(topic).current("k1").orElseThrow().step()).isEqualTo(2);
        for (int i = 0; i < 20; i++) {
            assertThat(held.get("k" + i + "@1")).isEqualTo(held.get("k" + i + "@4"));
        }
    }

    private void addPartitions(int count) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", topic.servers()))) {
            admin.createPartitions(Map.of(topic.name(), NewPartitions.increaseTo(count)))
                    .all()
                    .get();
        }
    }

    /** A job publishes a version and ends; returns its state. */
    private static OperatorSubtaskState published(
            PublishingJob.Setup job, OperatorSubtaskState state, long step) throws Exception {
        try (var running = state == null ? job.start() : job.restore(state)) {
            return running.put(version(step)).checkpoint(step);
        }
    }

    private static void assertRefused(PublishingJob.Setup job, OperatorSubtaskState state) {
        assertThatThrownBy(() -> published(job, state, 99))
                .matches(e -> e instanceof SuppressRestartsException == (state == null))
                .rootCause()
                .hasMessageContaining(") was taken over by job ")
                .hasMessageEndingWith("this job must not write it any more.");
    }

    private AdapterVersion current() {
        CommittedRecords.awaitDecided(topic);
        return new AdapterTopicReader(topic).current("a").orElse(null);
    }

    private static AdapterVersion[] many(long step) {
        var versions = new AdapterVersion[20];
        for (int i = 0; i < versions.length; i++) {
            versions[i] = RandomVersions.version("k" + i, step, 100);
        }
        return versions;
    }

    private static AdapterVersion version(long step) {
        return RandomVersions.version("a", step, 100);
    }
}
