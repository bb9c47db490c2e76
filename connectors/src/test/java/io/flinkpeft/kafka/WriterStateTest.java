package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.kafka.topic.TopicPlace;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WriterStateTest {

    private final WriterEntry begun = entry(true, "t", Map.of(0, 9L, 1, 4L), "w3");
    private final WriterEntry idle = entry(false, "t", Map.of(0, 2L), "w3", "w2", "w1");

    @Test
    void anEntryComesBackAndItsBytesStay() {
        assertThat(WriterEntry.read(begun.toBytes())).isEqualTo(begun);
        assertThat(WriterEntry.read(idle.toBytes())).isEqualTo(idle);
        assertThat(HexFormat.of().formatHex(begun.toBytes()))
                .isEqualTo(
                        "01000000010002773300000001000569642d77330100"
                                + "0000000100017800000002000174"
                                + "00000002000000000000000000000009000000010000000000000004");
    }

    @Test
    void anEntryOfANewerReleaseIsRefused() {
        byte[] bytes = begun.toBytes();
        bytes[0] = 2;
        assertThatThrownBy(() -> WriterEntry.read(bytes))
                .hasMessage(
                        "State of the adapter topic's writer has format 2, must have 1. Maybe a"
                                + " newer release wrote it.");
    }

    @Test
    void whoWroteBeforeAClaimOfTheJobIsForgotten() {
        for (var entries : List.of(List.of(begun, idle), List.of(idle, begun))) {
            var before = WriterState.merge(entries);
            assertThat(before.writers()).containsExactly("w3");
            assertThat(before.transactionalIds()).containsExactly("id-w3");
            assertThat(before.place().topicId()).isEqualTo("t");
            assertThat(before.shutOut()).containsExactly("x");
            assertThat(before.partitions()).isEqualTo(2);
        }
    }

    @Test
    void withoutAClaimOfTheJobThoseBeforeAreNamed() {
        assertThat(WriterState.merge(List.of(idle, idle)).writers())
                .containsExactly("w3", "w2", "w1");
        assertThat(WriterState.merge(List.of()).writers()).isEmpty();
    }

    @Test
    void thousandSubmissionsLeaveFewNames() {
        var before = WriterState.merge(List.of(entry(true, "t", Map.of(0, 1L), "w0")));
        for (int i = 1; i <= 1_000; i++) {
            var names = new ArrayList<>(List.of("w" + i));
            names.addAll(before.writers());
            var entry = entry(false, "t", Map.of(0, 1L), names.toArray(String[]::new));
            before = WriterState.merge(List.of(entry, entry));
        }
        assertThat(before.writers())
                .hasSize(WriterState.MAX_WRITERS)
                .startsWith("w1000", "w999")
                .as("the one whose claim it may be")
                .endsWith("w0");
        assertThat(before.transactionalIds()).hasSize(WriterState.MAX_WRITERS).endsWith("id-w0");
    }

    @Test
    void offsetsAreTheLargestUnlessVersionsWait() {
        var waiting =
                new WriterEntry(
                        List.of("w3"),
                        List.of("id"),
                        true,
                        true,
                        List.of("y"),
                        2,
                        new TopicPlace("t", Map.of(0, 5L)));
        assertThat(WriterState.merge(List.of(begun, idle)).place().offsets())
                .isEqualTo(Map.of(0, 9L, 1, 4L));
        assertThat(WriterState.merge(List.of(begun, waiting)).place().offsets())
                .isEqualTo(Map.of(0, 5L, 1, 0L));
    }

    @Test
    void offsetsOfAnotherTopicDoNotCount() {
        var old = entry(false, "old", Map.of(0, 100L), "w3", "w2");
        assertThat(WriterState.merge(List.of(begun, old)).place()).isEqualTo(begun.place());
    }

    private static WriterEntry entry(
            boolean begun, String topicId, Map<Integer, Long> offsets, String... writers) {
        var ids = IntStream.range(0, writers.length).mapToObj(i -> "id-" + writers[i]).toList();
        return new WriterEntry(
                List.of(writers),
                ids,
                begun,
                false,
                List.of("x"),
                2,
                new TopicPlace(topicId, offsets));
    }
}
