package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may write a topic, whatever comes between the lines. */
class WriterClaimsTest {

    private final MemoryTopic topic = new MemoryTopic(3);

    private WriterClaims claims(
            MemoryTopic topic, TopicWriter.Takeover takeover, String writer, int subtask) {
        var settings =
                new TopicWriter.Settings(
                        MemoryTopic.ADDRESS, "trainer", Duration.ofMinutes(1), takeover);
        var self = new TopicWriter(writer, "job", subtask, 2, TopicWriter.Before.NOTHING);
        return new WriterClaims(settings, self, topic.log());
    }

    private WriterClaims refused(String writer) {
        return claims(topic, TopicWriter.Takeover.REFUSED, writer, 0);
    }

    private WriterClaims wanted(String writer) {
        return claims(topic, TopicWriter.Takeover.WANTED, writer, 0);
    }

    @Test
    void theFirstHasTheTopicAndTheSecondIsRefused() {
        WriterClaims first = refused("w1");
        first.claim();
        assertThat(first.isClaimed()).isTrue();
        assertThat(first.partitions()).isEqualTo(3);
        assertThatThrownBy(refused("w2")::claim)
                .isInstanceOf(RefusedWriterException.class)
                .hasMessageContaining("is written by job job (transactional ids trainer-w1-*)");
        assertThat(first.isClaimed()).isTrue();
    }

    @Test
    void itsSubtasksFindTheClaimMade() {
        refused("w1").claim();
        claims(topic, TopicWriter.Takeover.REFUSED, "w1", 1).claim();
        assertThat(topic.committed()).containsExactly("@writer");
    }

    /** At the moments before its record and before its commit. */
    @Test
    void ofTwoThatClaimAtOnceOneHasTheTopic() {
        for (int moment = 0; moment < 2; moment++) {
            var topic = new MemoryTopic(1);
            WriterClaims first = claims(topic, TopicWriter.Takeover.REFUSED, "w1", 0);
            WriterClaims second = claims(topic, TopicWriter.Takeover.REFUSED, "w2", 0);
            topic.interrupt(moment, second::claim);
            assertThatThrownBy(first::claim)
                    .isInstanceOf(RefusedWriterException.class)
                    .hasMessageContaining("trainer-w2-*");
            assertThat(second.isClaimed()).isTrue();
        }
    }

    @Test
    void whoTakesOverShutsOutThoseBeforeIt() {
        WriterClaims first = refused("w1");
        first.claim();
        var writer = topic.log().transactions(first.ids().of(0), Duration.ofMinutes(1));
        wanted("w2").claim();
        WriterClaims third = wanted("w3");
        third.claim();
        assertThat(first.isClaimed()).isFalse();
        assertThatThrownBy(first::check)
                .hasMessageContaining("was taken over by job job (transactional ids trainer-w3-*)");
        assertThatThrownBy(() -> writer.write(1, out -> {})).isInstanceOf(ShutOutException.class);
        assertThat(third.shutOut()).containsExactly("trainer-w1", "trainer-w2");
    }

    @Test
    void whatAWriterLeftOpenIsGivenUpByTheNext() {
        WriterClaims first = refused("w1");
        first.claim();
        var record = VersionRecords.pointer("a", 1, "0".repeat(64));
        topic.interrupt(topic.moments() + 1, WriterClaimsTest::die);
        var writer = topic.log().transactions(first.ids().of(0), Duration.ofMinutes(1));
        assertThatThrownBy(() -> writer.write(1, out -> out.accept(record)))
                .hasMessage("dies before its commit");
        assertThat(topic.log().committedEnds()).isNotEqualTo(topic.log().ends());
        wanted("w2").claim();
        assertThat(topic.log().committedEnds()).isEqualTo(topic.log().ends());
        assertThat(topic.content()).isEmpty();
    }

    private static void die() {
        throw new IllegalStateException("dies before its commit");
    }

    @Test
    void aRestoredJobMayWriteBehindTheWriterOfItsState() {
        WriterClaims first = refused("w1");
        first.claim();
        var before =
                new TopicWriter.Before(
                        List.of("w1"),
                        List.of(first.ids().text()),
                        List.of(),
                        3,
                        topic.log().ends());
        var settings =
                new TopicWriter.Settings(
                        MemoryTopic.ADDRESS,
                        "trainer",
                        Duration.ofMinutes(1),
                        TopicWriter.Takeover.REFUSED);
        var next =
                new WriterClaims(settings, new TopicWriter("w2", "job", 0, 1, before), topic.log());
        next.claim();
        assertThat(next.isClaimed()).isTrue();
        assertThat(first.isClaimed()).isFalse();
    }
}
