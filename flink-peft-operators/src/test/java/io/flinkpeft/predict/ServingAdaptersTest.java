package io.flinkpeft.predict;

import static io.flinkpeft.predict.FakePredictor.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class ServingAdaptersTest {

    private final FakePredictor engine = new FakePredictor();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final ServingAdapters adapters = new ServingAdapters(engine, 1000, this::earlier);

    @Test
    void theNewestVersionServesAndTheOldIsFreed() {
        adapters.current(version("u1", 1));
        adapters.current(version("u1", 2));

        assertThat(served("u1")).isEqualTo("u1@2");
        assertThat(engine.live()).isEqualTo(1);
        assertThat(adapters.swaps()).isEqualTo(1);
        assertThat(adapters.newestMillis()).isEqualTo(2000);
    }

    @Test
    void aHeldVersionIsFreedOnlyAfterItsLastUse() {
        adapters.current(version("u1", 1));
        LoadedVersion held = adapters.hold("u1").orElseThrow();
        adapters.current(version("u1", 2));

        assertThat(engine.live()).isEqualTo(2);
        assertThat(held.origin().name()).isEqualTo("u1@1");
        held.release();
        assertThat(engine.live()).isEqualTo(1);
    }

    @Test
    void aRollBackServesTheEarlierVersion() {
        adapters.current(version("u1", 1));
        adapters.current(version("u1", 2));
        adapters.current(version("u1", 1));

        assertThat(served("u1")).isEqualTo("u1@1");
    }

    @Test
    void theSameVersionToldAgainIsNotLoadedAgain() {
        adapters.current(version("u1", 1));
        adapters.current(version("u1", 1));

        assertThat(engine.loads).hasValue(1);
        assertThat(adapters.swaps()).isZero();
    }

    @Test
    void anUnknownAdapterHasNoVersion() {
        assertThat(adapters.hold("u9")).isEmpty();
        assertThat(adapters.refusal("u9")).isEmpty();
    }

    @Test
    void aRemovedAdapterServesNoMoreAndIsFreed() {
        adapters.current(version("u1", 1));
        adapters.removed("u1");

        assertThat(adapters.hold("u1")).isEmpty();
        assertThat(engine.live()).isZero();
        assertThat(adapters.onDevice()).isZero();
    }

    @Test
    void aVersionOfAnotherBaseIsRefusedAndTheOneBeforeStays() {
        adapters.current(version("u1", 1));
        adapters.current(version("u1", 2, "base-b", "whole"));

        assertThat(served("u1")).isEqualTo("u1@1");
        assertThat(adapters.refusal("u1")).contains("Version u1@2 is of base base-b.");
        assertThat(adapters.refusals()).isEqualTo(1);
    }

    @Test
    void aCorruptVersionIsRefusedUntilTheNextGoodOne() {
        adapters.current(version("u1", 1, FakePredictor.BASE, "corrupt"));
        assertThat(adapters.hold("u1")).isEmpty();
        assertThat(adapters.refusal("u1")).contains("Version u1@1 is corrupt.");

        adapters.current(version("u1", 2));
        assertThat(served("u1")).isEqualTo("u1@2");
        assertThat(adapters.refusal("u1")).isEmpty();
    }

    @Test
    void whatTheSourceRefusesIsKeptAsTheReason() {
        adapters.refused("u1", "Version u1@7 has 3 of 4 chunks.");

        assertThat(adapters.hold("u1")).isEmpty();
        assertThat(adapters.refusal("u1")).contains("Version u1@7 has 3 of 4 chunks.");
    }

    @Test
    void theLeastRecentlyUsedLeavesAndComesBack() {
        var two = new ServingAdapters(engine, 2 * FakePredictor.ADAPTER_BYTES, this::earlier);
        two.current(version("a", 1));
        two.current(version("b", 1));
        two.hold("a").orElseThrow().release();
        two.current(version("c", 1)); // no room: only kept as bytes
        assertThat(engine.loads).hasValue(2);

        two.hold("c").orElseThrow().release(); // b leaves
        assertThat(two.onDevice()).isEqualTo(2);
        assertThat(engine.live()).isEqualTo(2);
        two.hold("a").orElseThrow().release();
        assertThat(engine.loads).hasValue(3);
        two.hold("b").orElseThrow().release();
        assertThat(engine.loads).hasValue(4);
        assertThat(two.swaps()).isZero();
    }

    @Test
    void aCorruptVersionOfAnUnloadedAdapterLeavesTheOneBeforeIt() {
        var one = new ServingAdapters(engine, FakePredictor.ADAPTER_BYTES, this::earlier);
        one.current(version("a", 1));
        one.current(version("b", 1));
        one.hold("b").orElseThrow().release(); // a leaves
        one.current(version("a", 2, FakePredictor.BASE, "corrupt"));

        LoadedVersion held = one.hold("a").orElseThrow();
        assertThat(held.origin().name()).isEqualTo("a@1");
        assertThat(one.refusal("a")).contains("Version a@2 is corrupt.");
        held.release();
    }

    @Test
    void theVersionBeforeARefusedOneIsAskedFor() {
        adapters.current(version("u1", 9, FakePredictor.BASE, "corrupt"));
        assertThat(asked).containsExactly("u1 before 9");

        adapters.current(version("u1", 7, FakePredictor.BASE, "corrupt"));
        adapters.current(version("u1", 5));
        assertThat(asked).containsExactly("u1 before 9", "u1 before 7");
        assertThat(served("u1")).isEqualTo("u1@5");
        assertThat(adapters.refusals()).isEqualTo(2);
    }

    @Test
    void nothingIsAskedForWhileTheOneBeforeServes() {
        adapters.current(version("u1", 1));
        adapters.current(version("u1", 2, FakePredictor.BASE, "corrupt"));
        assertThat(asked).isEmpty();
    }

    @Test
    void whatWasRolledBackDoesNotServeForARefusedVersion() {
        adapters.current(version("u1", 5));
        adapters.current(version("u1", 3, FakePredictor.BASE, "corrupt"));

        assertThat(adapters.hold("u1")).isEmpty();
        assertThat(asked).containsExactly("u1 before 3");
        assertThat(engine.live()).isZero();
        assertThat(adapters.onDevice()).isZero();
    }

    @Test
    void aPredictionWaitsForTheVersionBeforeARefusedOne() throws Exception {
        var lazy = new ServingAdapters(engine, FakePredictor.ADAPTER_BYTES, this::never);
        lazy.current(version("full", 1));
        lazy.current(version("u1", 9, FakePredictor.BASE, "corrupt")); // no room: not looked at yet
        assertThat(asked).isEmpty();

        var held = CompletableFuture.supplyAsync(() -> lazy.hold("u1"));
        await().until(() -> asked.size() == 1);
        lazy.current(version("u1", 8));
        assertThat(held.join().orElseThrow().origin().name()).isEqualTo("u1@8");
        held.join().orElseThrow().release();
    }

    @Test
    void aPredictionWaitsNoMoreWhenThereIsNoneBefore() throws Exception {
        var lazy = new ServingAdapters(engine, FakePredictor.ADAPTER_BYTES, this::never);
        lazy.current(version("full", 1));
        lazy.current(version("u1", 9, FakePredictor.BASE, "corrupt"));

        var held = CompletableFuture.supplyAsync(() -> lazy.hold("u1"));
        await().until(() -> asked.size() == 1);
        lazy.none("u1", 9);
        assertThat(held.join()).isEmpty();
        assertThat(lazy.refusal("u1")).contains("Version u1@9 is corrupt.");
    }

    @Test
    void payloadsAreOnDiskAndGivenBack() {
        var none = new ServingAdapters(engine, 1, this::earlier);
        none.current(version("first", 1)); // one is always loaded
        for (int step = 1; step <= 200; step++) {
            none.current(version("u" + step % 10, step, FakePredictor.BASE, "x".repeat(100_000)));
        }
        assertThat(none.spilledBytes()).isBetween(1_000_000L, 1_300_000L);
        for (int i = 0; i < 10; i++) {
            none.removed("u" + i);
        }
        assertThat(none.spilledBytes()).isLessThan(10_000);
        none.close();
    }

    @Test
    void aFailedSourceFailsPredictionsWithItsReason() {
        adapters.current(version("u1", 1));
        adapters.failed(new IllegalStateException("topic adapters is gone"));

        assertThatThrownBy(() -> adapters.hold("u1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("topic adapters is gone");
    }

    @Test
    void aFailureThatIsNotTheVersionsIsNoRefusal() {
        engine.loadFailure = new IllegalStateException("out of device memory");
        adapters.current(version("u1", 1));

        assertThat(adapters.refusals()).isZero();
        assertThatThrownBy(() -> adapters.hold("u1")).hasMessageContaining("out of device memory");
    }

    @Test
    void closingFreesAllAndNothingIsLoadedAfterwards() {
        adapters.current(version("a", 1));
        adapters.current(version("b", 1));
        adapters.close();
        adapters.current(version("c", 1));

        assertThat(engine.live()).isZero();
    }

    private void earlier(ServingAdapters asking, String adapterId, long step) {
        asked.add(adapterId + " before " + step);
        asking.none(adapterId, step);
    }

    private void never(ServingAdapters asking, String adapterId, long step) {
        asked.add(adapterId + " before " + step);
    }

    private String served(String adapterId) {
        LoadedVersion held = adapters.hold(adapterId).orElseThrow();
        held.release();
        return held.origin().name();
    }
}
