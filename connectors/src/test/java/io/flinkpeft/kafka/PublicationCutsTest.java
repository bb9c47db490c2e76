package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.MemoryTopic;
import io.flinkpeft.testing.RandomVersions;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/**
 * A writer that dies at any moment, is restored and cuts its versions again leaves the topic as one
 * that never died: before each record, before each commit, and behind it.
 */
class PublicationCutsTest {

    /** What each checkpoint brings: chunks, several adapters, a drop, and one that begins anew. */
    private static final List<List<AdapterVersion>> STREAM =
            List.of(
                    List.of(version("a", 1), version("b", 1, 100)),
                    List.of(version("a", 2), version("c", 4)),
                    List.of(version("a", 3), AdapterVersion.removal("b", 2, 0)),
                    List.of(version("a", 4), version("b", 3), version("c", 5, 100)),
                    List.of());

    /** Its process dies; nothing of it runs any more. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static AdapterVersion version(String adapterId, long step) {
        return version(adapterId, step, 10);
    }

    private static AdapterVersion version(String adapterId, long step, int bytes) {
        return RandomVersions.version(adapterId, step, bytes);
    }

    /**
     * Runs to the end, and restores whoever dies.
     *
     * @param back how many checkpoints before the last one it is restored from
     * @return how often it died
     */
    private static int run(MemoryTopic topic, int back) throws Exception {
        var states = new ArrayList<OperatorSubtaskState>();
        int deaths = 0;
        while (true) {
            try {
                goOn(topic, states);
                return deaths;
            } catch (Death e) {
                deaths++;
                int left = Math.max(0, states.size() - back);
                states.subList(left, states.size()).clear();
            }
        }
    }

    /** A checkpoint's state is stored before its completion is announced. */
    private static void goOn(MemoryTopic topic, List<OperatorSubtaskState> states)
            throws Exception {
        try (var job =
                states.isEmpty()
                        ? Publishing.JOB.start(topic)
                        : Publishing.JOB.start(topic, states.get(states.size() - 1))) {
            while (states.size() < STREAM.size()) {
                int next = states.size();
                for (AdapterVersion version : STREAM.get(next)) {
                    job.cut(version);
                }
                states.add(job.snapshot(next + 1));
                job.complete(next + 1);
            }
            job.checkpoint(STREAM.size() + 1); // what the last one left
        }
    }

    private static MemoryTopic uninterrupted() throws Exception {
        var topic = new MemoryTopic(2);
        assertThat(run(topic, 0)).isZero();
        return topic;
    }

    @Test
    void whereverItDiesTheTopicHoldsTheSame() throws Exception {
        assertHoldsTheSame(0, 1);
    }

    /** Where a checkpoint was stored and not finished, or cannot be read. */
    @Test
    void fromAnOlderStateToo() throws Exception {
        assertHoldsTheSame(1, 1);
        assertHoldsTheSame(2, 5);
    }

    private static void assertHoldsTheSame(int back, int moments) throws Exception {
        MemoryTopic expected = uninterrupted();
        assertThat(expected.moments()).isGreaterThan(40);
        for (int moment = 0; moment < expected.moments(); moment += moments) {
            var topic = new MemoryTopic(2);
            topic.interrupt(moment, PublicationCutsTest::die);

            assertThat(run(topic, back)).isEqualTo(1);
            assertThat(topic.content()).as("died at %s", moment).isEqualTo(expected.content());
            assertThat(ofVersions(topic))
                    .as("none is written twice, no pointer goes back, died at %s", moment)
                    .containsExactlyInAnyOrderElementsOf(ofVersions(expected));
        }
    }

    /** Records of versions and pointers, without what takes away, which may be said again. */
    private static List<String> ofVersions(MemoryTopic topic) {
        return topic.committed().stream()
                .filter(key -> !key.startsWith("-") && !key.startsWith("@"))
                .toList();
    }

    @Test
    void itMayDieAgainWhileItIsRestored() throws Exception {
        MemoryTopic expected = uninterrupted();
        for (int moment = 0; moment < expected.moments(); moment += 7) {
            for (int later = 1; later < 4; later++) {
                var topic = new MemoryTopic(2);
                topic.interrupt(moment, PublicationCutsTest::die);
                topic.interrupt(moment + later, PublicationCutsTest::die);

                run(topic, 0);
                assertThat(topic.content()).isEqualTo(expected.content());
            }
        }
    }

    private static void die() {
        throw new Death();
    }
}
