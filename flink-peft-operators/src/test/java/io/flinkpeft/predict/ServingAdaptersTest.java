package io.flinkpeft.predict;

import static io.flinkpeft.predict.FakeEngine.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ServingAdaptersTest {

    private final FakeEngine engine = new FakeEngine();
    private final ServingAdapters adapters = new ServingAdapters(engine, 1000);

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
        Resident held = adapters.hold("u1");
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
        assertThat(adapters.hold("u9")).isNull();
        assertThat(adapters.refusal("u9")).isNull();
    }

    @Test
    void aRemovedAdapterServesNoMoreAndIsFreed() {
        adapters.current(version("u1", 1));
        adapters.removed("u1");

        assertThat(adapters.hold("u1")).isNull();
        assertThat(engine.live()).isZero();
        assertThat(adapters.residents()).isZero();
    }

    @Test
    void aVersionOfAnotherBaseIsRefusedAndTheOneBeforeStays() {
        adapters.current(version("u1", 1));
        adapters.current(version("u1", 2, "base-b", "whole"));

        assertThat(served("u1")).isEqualTo("u1@1");
        assertThat(adapters.refusal("u1")).isEqualTo("Version u1@2 is of base base-b.");
        assertThat(adapters.refusals()).isEqualTo(1);
    }

    @Test
    void aCorruptVersionIsRefusedUntilTheNextGoodOne() {
        adapters.current(version("u1", 1, FakeEngine.BASE, "corrupt"));
        assertThat(adapters.hold("u1")).isNull();
        assertThat(adapters.refusal("u1")).isEqualTo("Version u1@1 is corrupt.");

        adapters.current(version("u1", 2));
        assertThat(served("u1")).isEqualTo("u1@2");
        assertThat(adapters.refusal("u1")).isNull();
    }

    @Test
    void whatTheSourceRefusesIsKeptAsTheReason() {
        adapters.refused("u1", "Version u1@7 has 3 of 4 chunks.");

        assertThat(adapters.hold("u1")).isNull();
        assertThat(adapters.refusal("u1")).isEqualTo("Version u1@7 has 3 of 4 chunks.");
    }

    @Test
    void theLeastRecentlyUsedLeavesAndComesBack() {
        var two = new ServingAdapters(engine, 2 * FakeEngine.ADAPTER_BYTES);
        two.current(version("a", 1));
        two.current(version("b", 1));
        two.hold("a").release();
        two.current(version("c", 1)); // no room: only kept as bytes
        assertThat(engine.loads).hasValue(2);

        two.hold("c").release(); // b leaves
        assertThat(two.residents()).isEqualTo(2);
        assertThat(engine.live()).isEqualTo(2);
        two.hold("a").release();
        assertThat(engine.loads).hasValue(3);
        two.hold("b").release();
        assertThat(engine.loads).hasValue(4);
        assertThat(two.swaps()).isZero();
    }

    @Test
    void aCorruptVersionOfAnUnloadedAdapterLeavesTheOneBeforeIt() {
        var one = new ServingAdapters(engine, FakeEngine.ADAPTER_BYTES);
        one.current(version("a", 1));
        one.current(version("b", 1));
        one.hold("b").release(); // a leaves
        one.current(version("a", 2, FakeEngine.BASE, "corrupt"));

        Resident held = one.hold("a");
        assertThat(held.origin().name()).isEqualTo("a@1");
        assertThat(one.refusal("a")).isEqualTo("Version a@2 is corrupt.");
        held.release();
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

    private String served(String adapterId) {
        Resident held = adapters.hold(adapterId);
        held.release();
        return held.origin().name();
    }
}
