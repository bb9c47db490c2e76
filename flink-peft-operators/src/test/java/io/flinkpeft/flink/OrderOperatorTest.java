package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.EventOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderOperatorTest {

    private static final EventOrder ORDER =
            EventOrder.EVENT_TIME.withOutOfOrderness(Duration.ofMillis(200));

    private static Example at(long time, String topic, int partition, long offset) {
        return Example.labelled("a", "text", "noun").at(time, topic, partition, offset);
    }

    private static OrderHarness start() throws Exception {
        return OrderHarness.start(Backend.HEAP, ORDER);
    }

    @Test
    void timeThenKindThenTopicThenPartitionThenOffsetDecide() throws Exception {
        var pause = Control.of("a", Control.Action.PAUSE).at(7, "z", 0, 9);
        var ordered =
                List.of(
                        at(6, "z", 9, 9),
                        pause,
                        at(7, "s", 5, 5),
                        at(7, "t", 0, 1),
                        at(7, "t", 1, 0),
                        at(7, "t", 1, 3),
                        at(8, "a", 0, 0));
        var mixed = List.of(5, 1, 6, 0, 3, 4, 2).stream().<TrainingEvent>map(ordered::get).toList();
        try (var harness = start()) {
            harness.process(mixed).watermark(8);
            assertThat(harness.ordered()).containsExactlyElementsOf(ordered);
        }
    }

    @Test
    void anEventWaitsUntilTheWatermarkHasPassedIt() throws Exception {
        try (var harness = start()) {
            harness.process(at(5, "t", 0, 0)).watermark(4);
            assertThat(harness.ordered()).isEmpty();
            harness.watermark(5);
            assertThat(harness.output()).hasSize(3).endsWith(new Watermark(5));
        }
    }

    @Test
    void noInterleavingCrashRescaleOrClockChangesTheOrder() throws Exception {
        assertNothingChangesTheOrder(Backend.HEAP);
    }

    @Test
    @Tag("nightly") // LabelJoinTest has these states on RocksDB too
    void noInterleavingCrashRescaleOrClockChangesTheOrderOnRocksDb() throws Exception {
        assertNothingChangesTheOrder(Backend.ROCKSDB);
    }

    private static void assertNothingChangesTheOrder(Backend backend) throws Exception {
        int crashes = 0;
        for (int seed = 0; seed < OrderRun.seeds(backend); seed++) {
            var partitions = new Partitions(logs(seed), ORDER);
            var expected = partitions.inOrder();
            var result = OrderRun.of(backend, ORDER, partitions, seed);
            assertThat(result.ordered()).isEqualTo(OrderRun.byAdapter(expected));
            assertThat(result.rejected()).hasSize(4 * 120 - expected.size());
            assertThat(result.rejected().values())
                    .isNotEmpty()
                    .allMatch(reason -> reason.contains("train.out-of-orderness (200 ms)"));
            crashes += result.crashes();
        }
        assertThat(crashes).isPositive();
    }

    /** Four partitions of three adapters, one of them far behind; some events are late. */
    static List<List<TrainingEvent>> logs(int seed) {
        var random = new Random(seed);
        var logs = new ArrayList<List<TrainingEvent>>();
        for (int partition = 0; partition < 4; partition++) {
            var log = new ArrayList<TrainingEvent>();
            for (int i = 0; i < 120; i++) {
                long time = 20L * i - random.nextInt(300) + (partition == 3 ? -900 : 0);
                String adapter = "adapter-" + random.nextInt(3);
                log.add(
                        random.nextInt(20) == 0
                                ? Control.of(adapter, Control.Action.RESUME)
                                        .at(time, "t", partition, i)
                                : Example.labelled(adapter, "text " + random.nextInt(50), "noun")
                                        .at(time, "t", partition, i));
            }
            logs.add(log);
        }
        return logs;
    }

    @Test
    void aWatermarkThatFreesMuchComesInPiecesAndBehindThem() throws Exception {
        try (var harness = start()) {
            harness.process(many())
                    .watermark(
                            200,
                            new Random() {
                                @Override
                                public int nextInt(int bound) {
                                    return 0; // no mail is taken
                                }
                            });
            assertThat(harness.ordered()).hasSize(32);
            assertThat(harness.output()).doesNotContain(new Watermark(200));
            harness.watermark(201);
            assertThat(harness.ordered()).hasSize(100);
            assertThat(harness.output()).endsWith(new Watermark(201));
        }
    }

    private static List<TrainingEvent> many() {
        return LongStream.range(0, 100).<TrainingEvent>mapToObj(i -> at(i, "t", 0, i)).toList();
    }

    @Test
    void endOfInputWaitsForNoMail() throws Exception {
        try (var harness = start()) {
            harness.process(many()).endInput();
            assertThat(harness.ordered()).hasSize(100);
            assertThat(harness.output()).endsWith(Watermark.MAX_WATERMARK);
        }
    }

    @Test
    void whatComesBehindItsTurnIsADeadLetterAndTheOrderStays() throws Exception {
        try (var harness = start()) {
            harness.process(at(1000, "t", 0, 0)).watermark(1500);
            harness.process(at(1000, "added", 1, 0)).process(at(1001, "added", 1, 1)).endInput();
            assertThat(harness.ordered())
                    .extracting(TrainingEvent::timestampMillis)
                    .containsExactly(1000L, 1001L);
            assertThat(harness.rejected())
                    .extracting(Rejected::reason)
                    .containsExactly(
                            "Event time (1000) must be after 1000, to where adapter a has come."
                                    + " Maybe its partition was added or idle.");
        }
    }

    @Test
    void anEventIsLateByTheNewestOfItsPartitionAlone() throws Exception {
        try (var harness = start()) {
            harness.process(at(1000, "t", 0, 0)).process(at(799, "t", 1, 0));
            harness.process(at(800, "t", 0, 1)).process(at(799, "t", 0, 2)).endInput();
            assertThat(harness.ordered())
                    .extracting(TrainingEvent::timestampMillis)
                    .containsExactly(799L, 800L, 1000L);
            assertThat(harness.rejected())
                    .containsExactly(
                            new Rejected(
                                    Rejected.Cause.LATE,
                                    "Event time (799) must be at most train.out-of-orderness (200"
                                            + " ms) behind the newest of t-0 (1000).",
                                    "a",
                                    null,
                                    "t",
                                    0,
                                    2,
                                    799,
                                    ("{\"adapter\":\"a\",\"text\":\"text\",\"label\":\"noun\","
                                                    + "\"timestamp\":799}")
                                            .getBytes()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNewestEventTimeOfAPartitionSurvivesARestore(Backend backend) throws Exception {
        OrderHarness.Snapshot state;
        try (var harness = OrderHarness.start(backend, ORDER)) {
            state = harness.process(at(1000, "t", 0, 0)).snapshot();
        }
        try (var harness = OrderHarness.restore(backend, ORDER, state, 2)) {
            harness.process(at(799, "t", 0, 1)).endInput();
            assertThat(harness.ordered()).hasSize(1);
            assertThat(harness.rejected()).hasSize(1);
        }
    }

    @Test
    void aHeartbeatMovesAPartitionAndEndsThere() throws Exception {
        try (var harness = start()) {
            harness.process(new Heartbeat(1000, "t", 0, 0)).process(at(799, "t", 0, 1)).endInput();
            assertThat(harness.ordered()).isEmpty();
            assertThat(harness.rejected()).hasSize(1);
        }
    }

    @Test
    void whatCameFromNoPartitionIsNotLate() throws Exception {
        try (var harness = start()) {
            harness.process(at(1000, null, -1, -1)).process(at(1, null, -1, -1)).endInput();
            assertThat(harness.ordered())
                    .extracting(TrainingEvent::timestampMillis)
                    .containsExactly(1L, 1000L);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HEAP, 300000, 0", "HEAP, 300000, 600000", "HEAP, 0, 300000", "HEAP, 300000, 1",
        "HEAP, 1, 300000", "ROCKSDB, 300000, 0", "ROCKSDB, 300000, 600000", "ROCKSDB, 0, 300000"
    })
    void anotherWaitForLabelsLosesNothing(Backend backend, long before, long after)
            throws Exception {
        OrderHarness.Snapshot state;
        var events = List.of(at(1_000_000, "t", 0, 0), at(1_000_100, "t", 0, 1));
        try (var harness = OrderHarness.start(backend, waiting(before))) {
            state = harness.process(events).snapshot();
        }
        try (var harness = OrderHarness.restore(backend, waiting(after), state, 1)) {
            harness.watermark(1_000_100 + after - 1);
            assertThat(harness.ordered()).containsExactly(events.get(0));
            harness.watermark(1_000_100 + after);
            assertThat(harness.ordered()).containsExactlyElementsOf(events);
        }
    }

    private static EventOrder waiting(long millis) {
        return EventOrder.EVENT_TIME.withLabelWait(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999, 3_600_000})
    void ofTwoRestoresUnderOtherWaitsEachLosesNothing(long other) throws Exception {
        OrderHarness.Snapshot state;
        try (var harness = OrderHarness.start(Backend.HEAP, waiting(1000))) {
            state = harness.process(at(5000, "t", 0, 0)).watermark(5500).snapshot();
        }
        try (var harness = OrderHarness.restore(Backend.HEAP, waiting(other), state, 2)) {
            state = harness.process(at(6000, "t", 0, 1)).watermark(4000).snapshot();
        }
        try (var harness = OrderHarness.restore(Backend.HEAP, waiting(1000), state, 1)) {
            harness.watermark(7000);
            assertThat(harness.ordered()).containsExactly(at(5000, "t", 0, 0), at(6000, "t", 0, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsIsCountedAlsoAfterARestore(Backend backend) throws Exception {
        OrderHarness.Snapshot state;
        try (var harness = OrderHarness.start(backend, ORDER)) {
            harness.process(List.of(at(1000, "t", 0, 0), at(2000, "t", 0, 1)));
            harness.process(List.of(at(2000, "t", 0, 2), at(3000, "t", 0, 3))).watermark(1500);
            assertThat(harness.waiting()).isEqualTo(3);
            state = harness.snapshot();
        }
        try (var harness = OrderHarness.restore(backend, ORDER, state, 2)) {
            assertThat(harness.waiting()).isEqualTo(3);
            assertThat(harness.watermark(2000).waiting()).isOne();
            assertThat(harness.endInput().waiting()).isZero();
        }
    }
}
