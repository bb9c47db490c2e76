package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.kafka.topic.AdapterTopicWriter;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.kafka.topic.TopicRecord;
import io.flinkpeft.kafka.topic.VersionHead;
import io.flinkpeft.kafka.topic.VersionRecords;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.RandomVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an adapter that is dropped leaves behind: nothing, and what begins anew is served. */
class DroppedAdaptersITCase {

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

    /** Numbers are steps; those with a minus are drops. What stands behind | waits at the crash. */
    private static final List<String> SCHEDULES =
            List.of(
                    "1 2 | -3 5",
                    "1 2 -3 | 5",
                    "1 2 3 | -4 5 -6 7",
                    "1 2 -3 | 5 -6 7",
                    "1 -2 4 | 5",
                    "1 | 2 -3 5 6 7 8 9 10",
                    "1 -2 | 3 4 5",
                    "-1 | 2",
                    "1 -2 3 -4 | 5",
                    "1 2 | -3");

    /**
     * A schedule is run for an adapter for each number of its waiting versions that are written.
     */
    @Test
    void aPointerBehindADropIsTheSameAfterACrash() throws Exception {
        OperatorSubtaskState state;
        try (var first = job.start()) {
            first.put(b(1)).checkpoint(1);
            // the checkpoint of these is told only behind the barrier of the next
            put(first, (before, waiting, written) -> before + " " + some(waiting, 0, written));
            first.snapshot(2);
            put(first, (before, waiting, written) -> some(waiting, written, 99));
            state = first.snapshot(3);
            first.complete(2);
        }
        try (var second = job.writer("w2").restore(state)) {
            second.checkpoint(4);
        }
        assertThat(pointers()).isEqualTo(expected());
    }

    private interface Part {
        String of(String before, String waiting, int written);
    }

    private static void put(PublishingJob job, Part part) throws Exception {
        for (String schedule : SCHEDULES) {
            String[] parts = schedule.split(" \\| ");
            for (int written = 0; written <= parts[1].split(" ").length; written++) {
                String id = schedule + ", " + written;
                job.put(versions(id, part.of(parts[0], parts[1], written)));
            }
        }
    }

    private static String some(String steps, int from, int to) {
        var all = List.of(steps.split(" "));
        return String.join(" ", all.subList(from, Math.min(to, all.size())));
    }

    private static Map<String, Long> expected() {
        var expected = new TreeMap<>(Map.of("b", 1L));
        for (String schedule : SCHEDULES) {
            String waiting = schedule.substring(schedule.indexOf('|') + 2);
            String[] steps = waiting.split(" ");
            long last = Long.parseLong(steps[steps.length - 1]);
            for (int written = 0; written <= steps.length && last > 0; written++) {
                expected.put(schedule + ", " + written, last);
            }
        }
        return expected;
    }

    private Map<String, Long> pointers() {
        CommittedRecords.awaitDecided(topic);
        return new AdapterTopicReader(topic)
                .list().stream()
                        .filter(AdapterTopicReader.Listed::current)
                        .map(AdapterTopicReader.Listed::head)
                        .collect(Collectors.toMap(VersionHead::adapterId, VersionHead::step));
    }

    @Test
    void aRollBackBeforeADropIsForgottenWithIt() throws Exception {
        OperatorSubtaskState state;
        try (var first = job.start()) {
            first.put(a(1), a(2)).checkpoint(1);
            state = first.put(a(3), drop(4), a(5)).snapshot(2);
        }
        CommittedRecords.awaitDecided(topic);
        try (var tool = new AdapterTopicWriter(topic, "tool-" + topic.name())) {
            tool.rollBack("a", 1);
        }
        try (var second = job.restore(state)) {
            second.checkpoint(3);
        }
        assertThat(current()).isEqualTo(a(5));
    }

    @Test
    void aPointerThatAToolTookAwayStaysAway() throws Exception {
        OperatorSubtaskState state;
        try (var first = job.start()) {
            first.put(a(1), a(2)).checkpoint(1);
            state = first.put(a(3)).snapshot(2);
        }
        CommittedRecords.awaitDecided(topic);
        try (var tool = new AdapterTopicWriter(topic, "tool-" + topic.name())) {
            tool.unpublish("a");
        }
        try (var second = job.restore(state)) {
            second.checkpoint(3);
            assertThat(current()).isNull();
            second.put(a(4)).checkpoint(4);
        }
        assertThat(current()).isEqualTo(a(4));
    }

    @Test
    void nothingStaysWhoeverWroteIt() throws Exception {
        try (var running = job.start()) {
            running.put(a(1), b(1)).checkpoint(1);
            RawRecords.write(topic, PARTITIONS, foreign());
            running.put(a(2), drop(3)).checkpoint(2);
            assertThat(RawRecords.held(topic)).containsOnlyKeys("b@1", "b");
            running.put(a(4)).checkpoint(3);
        }
        assertThat(current()).isEqualTo(a(4));
        assertThat(RawRecords.held(topic))
                .containsOnlyKeys("b@1", "b", "a@4", "a@4#0", "a@4#1", "a");
    }

    @Test
    void anAdapterThatTheJobNeverPublishedGoesToo() throws Exception {
        try (var running = job.start()) {
            running.put(b(1)).checkpoint(1);
            RawRecords.write(topic, PARTITIONS, foreign());
            running.put(drop(1)).checkpoint(2);
            assertThat(RawRecords.held(topic)).containsOnlyKeys("b@1", "b");
        }
    }

    @Test
    void thePointerIsTakenAwayEvenIfNothingIsThere() throws Exception {
        try (var running = job.start()) {
            running.put(drop(1)).checkpoint(1);
        }
        assertThat(CommittedRecords.keys(topic, "a")).containsExactly("a");
    }

    /**
     * What the very first state of a job has waiting, and the topic has too, is not written again.
     */
    @Test
    void aFirstCheckpointThatIsRestoredWritesNothingAgain() throws Exception {
        OperatorSubtaskState state;
        try (var first = job.start()) {
            state = first.put(a(1), drop(2), a(3), b(1), b(3)).checkpoint(1);
        }
        var before = CommittedRecords.of(topic);
        try (var again = job.restore(state)) {
            again.checkpoint(2);
        }
        assertThat(CommittedRecords.of(topic)).isEqualTo(before);
    }

    /** A job without state that takes over, and begins to count its steps anew. */
    @Test
    void whatAnEarlierJobWroteGoesToo() throws Exception {
        try (var earlier = job.writer("w0").start()) {
            for (int step = 800; step < 821; step++) {
                earlier.put(a(step)).checkpoint(step);
            }
        }
        OperatorSubtaskState state;
        try (var running = job.takingOver().start()) {
            state = running.put(a(1), b(1)).checkpoint(1);
            assertThat(current()).isEqualTo(a(820));
        }
        try (var restored = job.restore(state)) {
            restored.put(drop(2)).checkpoint(2);
            assertThat(RawRecords.held(topic)).containsOnlyKeys("b@1", "b");
            restored.put(a(3)).checkpoint(3);
            assertThat(current()).isEqualTo(a(3));
        }
    }

    @Test
    void manyAreDroppedAtOnce() throws Exception {
        try (var running = job.parallelism(3).start()) {
            var drops = new ArrayList<AdapterVersion>();
            for (int i = 0; i < 30; i++) {
                String id = "k" + i;
                running.put(RandomVersions.version(id, 1, 400));
                RawRecords.write(
                        topic,
                        PARTITIONS,
                        new VersionRecords(300).version(RandomVersions.version(id, 9, 400)));
                drops.add(AdapterVersion.removal(id, 2, 0));
            }
            running.put(b(1)).checkpoint(1);
            running.put(drops.toArray(AdapterVersion[]::new)).checkpoint(2);
        }
        assertThat(RawRecords.held(topic)).containsOnlyKeys("b@1", "b");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 1L << 62, 1_000_000_000_001L})
    void aStepThatNobodyTakesIsNotBelieved(long step) throws Exception {
        OperatorSubtaskState state;
        try (var first = job.start()) {
            state = first.put(a(1)).checkpoint(1);
        }
        RawRecords.write(
                topic,
                PARTITIONS,
                new VersionRecords(1000).version(RandomVersions.version("a", step, 9)));
        try (var second = job.restore(state)) {
            second.put(a(2)).checkpoint(2);
        }
        assertThat(current()).isEqualTo(a(2));
    }

    /** A version, a part of one, one that nobody can read, and a pointer. */
    private static List<TopicRecord> foreign() {
        var records = new ArrayList<>(new VersionRecords(300).version(a(5_000)));
        records.add(new VersionRecords(50).version(a(77)).get(1));
        records.add(new TopicRecord("a", "a@88", List.of(), new byte[] {1}));
        records.add(VersionRecords.pointer("a", 5_000, a(5_000).sha256()));
        return records;
    }

    private static AdapterVersion[] versions(String id, String steps) {
        return Stream.of(steps.split(" "))
                .filter(step -> !step.isEmpty())
                .map(Long::valueOf)
                .map(
                        step ->
                                step < 0
                                        ? AdapterVersion.removal(id, -step, 0)
                                        : RandomVersions.version(id, step, step == 4 ? 400 : 100))
                .toArray(AdapterVersion[]::new);
    }

    private AdapterVersion current() {
        CommittedRecords.awaitDecided(topic);
        return new AdapterTopicReader(topic).current("a").orElse(null);
    }

    private static AdapterVersion drop(long step) {
        return AdapterVersion.removal("a", step, 0);
    }

    private static AdapterVersion a(long step) {
        return RandomVersions.version("a", step, step % 2 == 0 ? 500 : 100);
    }

    private static AdapterVersion b(long step) {
        return RandomVersions.version("b", step, 100);
    }
}
