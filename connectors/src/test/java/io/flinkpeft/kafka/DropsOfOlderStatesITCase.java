package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.kafka.topic.VersionRecords;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.RandomVersions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A drop whose step the topic has passed already: made before, or never. */
class DropsOfOlderStatesITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    private static final int PARTITIONS = 2;

    private AdapterTopic topic;
    private PublishingJob.Setup job;

    @BeforeEach
    void newTopic() {
        topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, PARTITIONS, (short) 1);
        job = PublishingJob.Setup.of(topic);
    }

    /** Of a job that had published one version; what it did then is in the topic only. */
    private OperatorSubtaskState stateBefore(AdapterVersion... later) throws Exception {
        try (var first = job.start()) {
            first.put(a(1), b(1)).checkpoint(1);
            OperatorSubtaskState state = first.checkpoint(2);
            for (int i = 0; i < later.length; i++) {
                first.put(later[i]).checkpoint(3 + i);
            }
            return state;
        }
    }

    @Test
    void oneThatWasNeverMadeIsMade() throws Exception {
        var state = stateBefore(a(2), a(3), a(4));
        OperatorSubtaskState later;
        try (var second = job.restore(state)) {
            later = second.put(drop(2), a(3)).snapshot(9);
            second.complete(9);
            assertThat(RawRecords.held(topic)).containsOnlyKeys("b@1", "b");
            second.put(a(5)).checkpoint(10);
        }
        assertThat(current()).as("of a step that the topic had not reached").isEqualTo(a(5));
        var before = CommittedRecords.of(topic);
        try (var third = job.restore(later)) {
            third.checkpoint(11);
        }
        assertThat(CommittedRecords.of(topic)).as("nothing is dropped twice").isEqualTo(before);
    }

    @Test
    void oneThatWasMadeIsNotMadeAgain() throws Exception {
        var state = stateBefore(drop(2), a(3), drop(4), a(5));
        var before = CommittedRecords.of(topic);
        try (var second = job.restore(state)) {
            second.put(drop(2), a(3), drop(4), a(5)).checkpoint(9);
        }
        assertThat(CommittedRecords.of(topic)).isEqualTo(before);
        assertThat(current()).isEqualTo(a(5));
    }

    @Test
    void theLastOfSomeIsMadeThoughThoseBeforeItWere() throws Exception {
        var state = stateBefore(drop(2), a(3), a(6));
        try (var second = job.restore(state)) {
            second.put(drop(2), a(3), drop(4)).checkpoint(9);
        }
        assertThat(RawRecords.held(topic)).containsOnlyKeys("b@1", "b");
    }

    /** What somebody else wrote while the job was down keeps nothing of an adapter alive. */
    @ParameterizedTest
    @ValueSource(longs = {2, 5_000, 1_000_000_000_000L})
    void whatOthersWroteMeanwhileGoesToo(long step) throws Exception {
        var state = stateBefore();
        RawRecords.write(topic, PARTITIONS, new VersionRecords(20).version(a(step)));
        try (var second = job.restore(state)) {
            second.put(drop(2)).checkpoint(9);
        }
        assertThat(RawRecords.held(topic)).containsOnlyKeys("b@1", "b");
    }

    private AdapterVersion current() {
        CommittedRecords.awaitDecided(topic);
        return new AdapterTopicReader(topic).current("a").orElse(null);
    }

    private static AdapterVersion drop(long step) {
        return AdapterVersion.removal("a", step, 0);
    }

    private static AdapterVersion a(long step) {
        return RandomVersions.version("a", step, 100);
    }

    private static AdapterVersion b(long step) {
        return RandomVersions.version("b", step, 100);
    }
}
