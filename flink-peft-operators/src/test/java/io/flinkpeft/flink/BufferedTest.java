package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.RawRecord;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.state.TrainingQueue;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferedTest {

    private static final Batching LIMITS = Batching.DEFAULT.withSize(2).withMaxBufferedBytes(5_000);

    private final Buffered buffered = new Buffered(LIMITS);
    private final EventQueue queue = new EventQueue(LIMITS, TrainingQueue.EMPTY);
    private final AdapterSlot slot =
            new AdapterSlot(
                    "a",
                    unwritten(AdapterSettings.DEFAULT),
                    unwritten(queue),
                    unwritten(Optional.empty()),
                    unwritten(Optional.empty()),
                    unwritten(Optional.empty()));

    private static <T> Tracked<T> unwritten(T value) {
        return new Tracked<>(value, written -> {});
    }

    private void add(Example example) {
        queue.add(example);
        buffered.note(slot);
    }

    @Test
    void bytesOfClosedBatchesFillIt() {
        add(Example.unlabelled("a", "x".repeat(1_000)));
        assertThat(buffered.bytes()).isZero();
        assertThat(queue.waitingBytes()).isBetween(2_000L, 2_500L);
        add(Example.unlabelled("a", "x".repeat(1_000)));
        assertThat(buffered.bytes()).isBetween(4_000L, 5_000L);
        assertThat(queue.waitingBytes()).isZero();
        assertThat(buffered.full()).isFalse();
        add(Example.unlabelled("a", "x".repeat(1_000)));
        add(Example.unlabelled("a", ""));
        assertThat(buffered.full()).isTrue();
    }

    @Test
    void whatIsTakenMakesRoom() {
        add(Example.unlabelled("a", "x".repeat(3_000)));
        add(Example.unlabelled("a", ""));
        assertThat(buffered.full()).isTrue();
        queue.removeFirst();
        buffered.note(slot);
        assertThat(buffered.full()).isFalse();
        assertThat(buffered.bytes()).isZero();
        assertThat(buffered.events()).isZero();
    }

    @Test
    void theRecordsOfEventsCount() {
        var raw = new RawRecord(new byte[10], new byte[3_000]);
        add(Example.unlabelled("a", "x").with(raw));
        assertThat(queue.waitingBytes()).isGreaterThan(3_010);
    }

    @Test
    void aControlCountsToo() {
        queue.add(Control.method("a", "{" + " ".repeat(10_000) + "}"));
        buffered.note(slot);
        assertThat(buffered.full()).isTrue();
        assertThat(buffered.events()).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void aBatchIsFullByItsBytes(int perBatch) {
        var queue = new EventQueue(Batching.DEFAULT.withSize(1_000_000), TrainingQueue.EMPTY);
        String text = "x".repeat((int) (Batching.MAX_BATCH_BYTES / 2 / perBatch));
        for (int i = 0; i < 2 * perBatch; i++) {
            queue.add(Example.unlabelled("a", text));
        }
        assertThat(queue.closedTurns()).isEqualTo(2);
        assertThat(queue.closedEvents()).isEqualTo(2 * perBatch);
    }

    @Test
    void aRestoredQueueHoldsWhatItHeld() {
        add(Example.unlabelled("a", "x"));
        add(Example.unlabelled("a", "y"));
        add(Example.unlabelled("a", "z"));
        var restored = new EventQueue(LIMITS, queue.snapshot());
        assertThat(restored.closedBytes()).isEqualTo(queue.closedBytes());
        assertThat(restored.closedEvents()).isEqualTo(queue.closedEvents());
        assertThat(restored.waitingBytes()).isEqualTo(queue.waitingBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, (1L << 30) + 1, Long.MAX_VALUE})
    void theBoundHasBounds(long bytes) {
        assertThatThrownBy(() -> Batching.DEFAULT.withMaxBufferedBytes(bytes))
                .hasMessageStartingWith("train.max-buffered-bytes (" + bytes + ") must be at ");
    }
}
