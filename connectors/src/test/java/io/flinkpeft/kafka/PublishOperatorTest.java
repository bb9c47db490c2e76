package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.MemoryTopic;
import io.flinkpeft.kafka.topic.TopicRecord;
import io.flinkpeft.kafka.topic.TopicWriter.Takeover;
import io.flinkpeft.kafka.topic.VersionRecords;
import io.flinkpeft.testing.RandomVersions;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

/** What the operator writes when nothing dies; {@link PublicationCutsTest} lets it die. */
class PublishOperatorTest {

    private static final Publishing JOB = Publishing.JOB;

    private final MemoryTopic topic = new MemoryTopic(2);

    private static AdapterVersion version(String adapterId, long step) {
        return RandomVersions.version(adapterId, step, 10);
    }

    private static AdapterVersion drop(String adapterId, long step) {
        return AdapterVersion.removal(adapterId, step, 0);
    }

    private static TopicRecord pointer(AdapterVersion version) {
        return VersionRecords.pointer(version.adapterId(), version.step(), version.sha256());
    }

    @Test
    void aVersionIsWrittenWhenItsCheckpointIsComplete() throws Exception {
        try (var job = JOB.start(topic)) {
            job.cut(version("a", 1));
            job.snapshot(1);
            job.cut(version("a", 2));
            assertThat(topic.committed()).isEmpty();
            job.complete(1);
            assertThat(topic.content()).containsOnlyKeys("a", "a@1").containsEntry("a", "1");
        }
    }

    @Test
    void aCheckpointThatIsNotAnnouncedIsInTheNext() throws Exception {
        try (var job = JOB.start(topic)) {
            job.cut(version("a", 1));
            job.snapshot(1);
            job.cut(version("a", 2));
            job.checkpoint(2);
            assertThat(topic.content()).containsOnlyKeys("a", "a@1", "a@2").containsEntry("a", "2");
        }
    }

    @Test
    void whatIsTooOldIsTakenAwayWithItsChunks() throws Exception {
        try (var job = JOB.start(topic)) {
            job.cut(RandomVersions.version("a", 1, 100));
            job.cut(version("a", 2));
            job.checkpoint(1);
            assertThat(topic.content())
                    .containsOnlyKeys("a", "a@1", "a@1#0", "a@1#1", "a@1#2", "a@2");
            job.cut(version("a", 3));
            job.checkpoint(2);
            assertThat(topic.content()).containsOnlyKeys("a", "a@2", "a@3");
        }
    }

    @Test
    void aDropTakesAwayAllThatTheTopicHoldsWhoeverWroteIt() throws Exception {
        try (var job = JOB.start(topic)) {
            job.cut(version("a", 1));
            job.cut(version("b", 1));
            job.checkpoint(1);
            topic.write(VersionRecords.DEFAULT.version(version("a", 7)).get(0));
            job.cut(drop("a", 8));
            job.checkpoint(2);
            assertThat(topic.content()).containsOnlyKeys("b", "b@1");
        }
    }

    @Test
    void aDropThatWasNeverMadeIsMadeHoweverFarTheTopicHasCome() throws Exception {
        try (var job = JOB.start(topic)) {
            job.cut(version("a", 1));
            job.checkpoint(1);
            job.cut(drop("a", 2));
            var state = job.snapshot(2);
            topic.write(VersionRecords.DEFAULT.version(version("a", 7)).get(0));
            try (var restored = JOB.start(topic, state)) {
                restored.checkpoint(3);
                assertThat(topic.content()).isEmpty();
            }
        }
    }

    @Test
    void whoBeginsAnewBehindADropIsPublished() throws Exception {
        try (var job = JOB.start(topic)) {
            job.cut(version("a", 1));
            job.cut(drop("a", 2));
            job.cut(version("a", 3));
            job.checkpoint(1);
            assertThat(topic.content()).containsOnlyKeys("a", "a@3").containsEntry("a", "3");
        }
    }

    @Test
    void aPointerThatSomebodyTookBackStaysAfterARestart() throws Exception {
        try (var job = JOB.start(topic)) {
            job.cut(version("a", 1));
            job.cut(version("a", 2));
            job.checkpoint(1);
            job.cut(version("a", 3));
            var state = job.snapshot(2);
            topic.write(pointer(version("a", 1)));
            try (var restored = JOB.start(topic, state)) {
                restored.cut(version("b", 1));
                restored.checkpoint(3);
                assertThat(topic.content()).containsEntry("a", "1").containsKey("a@3");
                restored.cut(version("a", 4));
                restored.checkpoint(4);
                assertThat(topic.content()).containsEntry("a", "4");
            }
        }
    }

    @Test
    void aTopicThatWasMadeAnewGetsWhatWaitsAndNoOlderVersionIsMissed() throws Exception {
        try (var job = JOB.start(topic)) {
            job.cut(version("a", 1));
            job.checkpoint(1);
            job.cut(version("a", 2));
            var state = job.snapshot(2);
            topic.makeAnew();
            assertThatThrownBy(() -> job.complete(2))
                    .hasMessageStartingWith("Adapter topic (adapters) must stay the same");
            try (var restored = JOB.start(topic, state)) {
                restored.checkpoint(3);
                assertThat(topic.content()).containsOnlyKeys("a", "a@2");
            }
        }
    }

    @Test
    void anotherJobIsRefusedAndEndsIfItHasNoState() throws Exception {
        try (var job = JOB.start(topic)) {
            job.cut(version("a", 1));
            job.checkpoint(1);
            assertThatThrownBy(() -> Publishing.another(Takeover.REFUSED).start(topic))
                    .isInstanceOf(SuppressRestartsException.class)
                    .hasRootCauseMessage(
                            "Adapter topic (adapters) is written by job mock-job (transactional ids"
                                    + " trainer-w1-*), must have one writer. Maybe stop that job and"
                                    + " restore this one from its state; if it will not come back,"
                                    + " set adapters.take-over.");
        }
    }

    @Test
    void whoTakesOverShutsTheOtherOut() throws Exception {
        try (var job = JOB.start(topic);
                var other = Publishing.another(Takeover.WANTED).start(topic)) {
            job.cut(version("a", 1));
            job.checkpoint(1);
            other.cut(version("a", 5));
            other.checkpoint(1);
            job.cut(version("a", 2));
            assertThatThrownBy(() -> job.checkpoint(2)).hasMessageContaining("was taken over by");
            assertThat(topic.content()).containsEntry("a", "5").doesNotContainKey("a@2");
        }
    }

    @Test
    void aJobThatIsRestoredFromTheWritersStateMayWrite() throws Exception {
        try (var job = JOB.start(topic)) {
            job.cut(version("a", 1));
            job.checkpoint(1);
            var state = job.snapshot(2);
            try (var next = Publishing.another(Takeover.REFUSED).start(topic, state)) {
                next.cut(version("a", 2));
                next.checkpoint(1);
                job.cut(version("a", 3));
                assertThatThrownBy(() -> job.checkpoint(3)).hasMessageContaining("taken over");
                assertThat(topic.content()).containsEntry("a", "2").doesNotContainKey("a@3");
            }
        }
    }

    @Test
    void whatWaitsIsPublishedOnceAtAnotherParallelism() throws Exception {
        var one = JOB.of(2, 0);
        var two = JOB.of(2, 1);
        try (var first = one.start(topic);
                var second = two.start(topic)) {
            for (String id : List.of("a", "b", "c", "d", "e", "f")) {
                (one.owns(id) ? first : second).cut(version(id, 1));
            }
            var lower = first.snapshot(1);
            var upper = second.snapshot(1);
            first.complete(1); // the other's word does not come
            int written = topic.content().size();
            assertThat(written).isBetween(2, 10);
            try (var all = JOB.start(topic, lower, upper)) {
                all.checkpoint(2);
            }
            assertThat(topic.content()).hasSize(12);
            assertThat(topic.committed())
                    .filteredOn(key -> key.contains("@") && !key.startsWith("@"))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void anAdapterGoesOnWhereItsNewSubtaskIs() throws Exception {
        try (var job = JOB.start(topic)) {
            for (String id : List.of("a", "b", "c", "d")) {
                job.cut(version(id, 1));
                job.cut(version(id, 2));
            }
            var state = job.checkpoint(1);
            for (int subtask = 0; subtask < 2; subtask++) {
                var part = JOB.of(2, subtask);
                try (var next = part.start(topic, new OperatorSubtaskState[] {state})) {
                    for (String id : List.of("a", "b", "c", "d")) {
                        if (part.owns(id)) {
                            next.cut(version(id, 3));
                        }
                    }
                    next.checkpoint(2);
                }
            }
            assertThat(topic.content())
                    .containsAllEntriesOf(Map.of("a", "3", "b", "3", "c", "3", "d", "3"))
                    .doesNotContainKeys("a@1", "b@1", "c@1", "d@1");
        }
    }
}
