package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class ResidentsTest {

    private final List<String> freed = new CopyOnWriteArrayList<>();
    private final Residents<String, String> residents = new Residents<>(freed::add);
    private final CountDownLatch loaded = new CountDownLatch(1);
    private final AtomicInteger loads = new AtomicInteger();

    @Test
    void whoWaitsForALongLoadCanBeInterruptedAndTheNextHasIt() throws Exception {
        var outcome = new CompletableFuture<Throwable>();
        var task =
                new Thread(
                        () -> {
                            try {
                                residents.acquire("a", this::slowly);
                            } catch (RuntimeException e) {
                                outcome.complete(e);
                            }
                        });
        task.start();
        task.interrupt();
        assertThat(outcome.get()).isInstanceOf(CancellationException.class);

        loaded.countDown();
        try (var use = residents.acquire("a", this::slowly)) {
            assertThat(use.model()).isEqualTo("model");
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void nobodyWaitsForTheLoadOfAnother() {
        var use = residents.acquire("a", () -> "first");
        var slow = CompletableFuture.supplyAsync(() -> residents.acquire("b", this::slowly));
        use.close();
        use.close();
        residents.acquire("c", () -> "third").close();
        residents.acquire("a", () -> "first").close();
        assertThat(slow).isNotDone();
        loaded.countDown();
        assertThat(slow.join().model()).isEqualTo("model");
    }

    @Test
    void manyThatWantTheSameLoadItOnce() {
        var first = CompletableFuture.supplyAsync(() -> residents.acquire("a", this::slowly));
        var second = CompletableFuture.supplyAsync(() -> residents.acquire("a", this::slowly));
        loaded.countDown();
        assertThat(first.join().model()).isSameAs(second.join().model());
        assertThat(loads).hasValue(1);
    }

    @Test
    void whatNobodyUsesIsFreedWhenAnotherIsLoaded() {
        var kept = residents.acquire("a", () -> "a");
        residents.acquire("b", () -> "b").close();
        assertThat(freed).isEmpty();
        residents.acquire("b", () -> "other").close();
        residents.acquire("c", () -> "c").close();
        assertThat(freed).containsExactly("b");
        kept.close();
        residents.acquire("d", () -> "d").close();
        assertThat(freed).containsExactlyInAnyOrder("b", "a", "c");
    }

    @Test
    void aLoadThatFailsIsTriedAgain() {
        assertThatThrownBy(
                        () ->
                                residents.acquire(
                                        "a",
                                        () -> {
                                            throw new IllegalArgumentException("no such model");
                                        }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such model");
        assertThatThrownBy(
                        () ->
                                residents.acquire(
                                        "a",
                                        () -> {
                                            throw new OutOfMemoryError("heap");
                                        }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(residents.acquire("a", () -> "a").model()).isEqualTo("a");
    }

    private String slowly() throws InterruptedException {
        loads.incrementAndGet();
        loaded.await();
        return "model";
    }
}
