package io.flinkpeft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class MicroBatcherTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CountDownLatch gate = new CountDownLatch(1);
    private MicroBatcher<Integer, String> batcher;

    @AfterEach
    void close() {
        gate.countDown();
        batcher.close();
        assertThat(ended).isTrue();
    }

    @Test
    void aFullBatchClosesAtOnce() {
        open(4, LONG, List::copyOf);
        var answers = submit(8);

        assertThat(join(answers)).containsExactly("0", "1", "2", "3", "4", "5", "6", "7");
        assertThat(sizes).containsExactly(4, 4);
    }

    @Test
    void aPartialBatchClosesAfterTheDelay() {
        open(4, Duration.ofMillis(20), List::copyOf);

        assertThat(join(submit(3))).containsExactly("0", "1", "2");
        assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(3);
    }

    @Test
    void whatArrivesDuringABatchIsWorkedOnTogether() {
        open(4, Duration.ZERO, this::waitAtTheGate);
        var first = batcher.submit(0);
        await().until(() -> sizes.size() == 1);
        var others = submit(4);
        gate.countDown();

        assertThat(first.join()).isEqualTo("0");
        join(others);
        assertThat(sizes).containsExactly(1, 4);
    }

    @Test
    void aFailedBatchFailsItsRequestsAndTheNextOneWorks() {
        open(
                2,
                LONG,
                requests -> {
                    if (requests.contains(-1)) {
                        throw new OutOfMemoryError("device");
                    }
                    return requests;
                });
        var failed = List.of(batcher.submit(-1), batcher.submit(0));
        var worked = submit(2);

        assertThat(join(worked)).containsExactly("0", "1");
        failed.forEach(
                answer ->
                        assertThatThrownBy(answer::join)
                                .hasCauseInstanceOf(OutOfMemoryError.class));
    }

    @Test
    void closingInterruptsTheBatchInWork() {
        open(1, Duration.ZERO, this::waitAtTheGate);
        var inWork = batcher.submit(0);
        await().until(() -> sizes.size() == 1);
        batcher.close();
        assertThat(ended).isTrue();
        assertThatThrownBy(inWork::join).hasRootCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void closingCancelsWhatWaits() {
        open(4, LONG, List::copyOf);
        var waiting = submit(2);
        batcher.close();

        waiting.forEach(
                answer ->
                        assertThatThrownBy(answer::join)
                                .isInstanceOf(CancellationException.class)
                                .hasMessage("The prediction was not made: its query has ended."));
        assertThat(batcher.submit(9)).isCompletedExceptionally();
    }

    @Test
    void aFullQueueHoldsTheSubmitterUntilThereIsRoomOrItIsInterrupted() throws Exception {
        open(1, Duration.ZERO, this::waitAtTheGate);
        batcher.submit(0);
        await().until(() -> sizes.size() == 1);
        submit(16); // the queue's capacity
        var late = new CompletableFuture<CompletableFuture<String>>();
        var submitter = new Thread(() -> late.complete(batcher.submit(17)));
        submitter.start();
        await().until(() -> submitter.getState() == Thread.State.WAITING);
        assertThat(late).isNotDone();

        submitter.interrupt();
        assertThat(late.get(10, TimeUnit.SECONDS)).isCompletedExceptionally();
    }

    @ParameterizedTest
    @ValueSource(ints = {134_217_728, 268_435_456, Integer.MAX_VALUE})
    void howeverLargeABatchMayBeThereIsRoomForARequest(int batchSize) {
        open(batchSize, Duration.ZERO, List::copyOf);
        assertThat(join(submit(3))).containsExactly("0", "1", "2");
    }

    private void open(int batchSize, Duration delay, Function<List<Integer>, List<Integer>> work) {
        batcher =
                new MicroBatcher<>(
                        "test-batcher",
                        batchSize,
                        delay,
                        requests -> {
                            sizes.add(requests.size());
                            return work.apply(requests).stream().map(String::valueOf).toList();
                        },
                        () -> ended.set(true));
    }

    private List<Integer> waitAtTheGate(List<Integer> requests) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return requests;
    }

    private List<CompletableFuture<String>> submit(int count) {
        return IntStream.range(0, count).mapToObj(batcher::submit).toList();
    }

    private static List<String> join(List<CompletableFuture<String>> answers) {
        return answers.stream().map(CompletableFuture::join).toList();
    }
}
