package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.adapter.NumericsChange;
import io.flinkpeft.engine.Arithmetic;
import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.event.Example;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What decides the bits of an adapter is known, and does not change in silence. */
class NumericsTest {

    private static final List<Example> EXAMPLES = TinyModels.examples("a").subList(0, 8);

    private static TrainerConfig config(String dtype) {
        return TrainerConfig.of(TinyModels.bert().toString(), TinyModels.loraOnAllLinears(4, 8))
                .withDtype(dtype);
    }

    private static AdapterState trained(OnlineTrainer trainer, LiveAdapter adapter) {
        return trainer.step(List.of(new Batch(adapter, EXAMPLES, List.of())))
                .get(0)
                .after()
                .snapshot();
    }

    private static AdapterState with(AdapterState s, Numerics numerics) {
        return new AdapterState(
                s.adapterId(),
                s.baseHash(),
                s.method(),
                numerics,
                s.step(),
                s.publishedStep(),
                s.labels(),
                s.labelCapacity(),
                s.lineage(),
                s.statistics(),
                s.publishedStatistics(),
                s.row(),
                s.firstMoment(),
                s.secondMoment());
    }

    static List<Numerics> others() {
        try (var trainer = OnlineTrainer.open(config("fp32"))) {
            Numerics own = trainer.numerics();
            return List.of(
                    new Numerics("bf16", own.threads(), own.device(), own.libraries()),
                    new Numerics(own.dtype(), 2, own.device(), own.libraries()),
                    new Numerics(own.dtype(), own.threads(), "gpu", own.libraries()),
                    new Numerics(own.dtype(), own.threads(), own.device(), "libtorch 2.8.0"));
        }
    }

    @ParameterizedTest
    @MethodSource("others")
    void aRestoreUnderOtherNumericsIsRefused(Numerics other) {
        try (var trainer = OnlineTrainer.open(config("fp32"))) {
            var state = with(trained(trainer, trainer.create("a")), other);
            assertThatThrownBy(() -> trainer.restore(state))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "Adapter a was trained with numerics (%s), must be (%s). Maybe set"
                                    + " train.numerics to allow-change: the machine or its"
                                    + " libraries changed.",
                            other, trainer.numerics());
        }
    }

    @Test
    void anAllowedChangeIsPartOfTheLineage() {
        var allowing = config("bf16").withNumerics(NumericsRule.ALLOW_CHANGE);
        try (var before = OnlineTrainer.open(config("fp32"));
                var after = OnlineTrainer.open(allowing)) {
            var state = trained(before, before.create("a"));
            var next = trained(after, after.restore(state));
            assertThat(next.numerics()).isEqualTo(after.numerics());
            assertThat(next.lineage().changes())
                    .containsExactly(new NumericsChange(1, before.numerics()));
            var version = after.version(after.restore(trained(after, after.restore(next))));
            assertThat(version.numerics()).isEqualTo(after.numerics());
            assertThat(version.lineage().changes()).isEqualTo(next.lineage().changes());
            assertThat(version.lineage().examples()).isEqualTo(3L * EXAMPLES.size());
        }
    }

    @Test
    void whatIsAllowedButDidNotChangeIsNoChange() {
        try (var trainer =
                OnlineTrainer.open(config("fp32").withNumerics(NumericsRule.ALLOW_CHANGE))) {
            var state = trained(trainer, trainer.create("a"));
            assertThat(trainer.restore(state).snapshot()).isEqualTo(state);
        }
    }

    @Test
    void theSameProcessorAlwaysRoundsAlike() {
        String once = Arithmetic.of(TorchDevice.CPU, FrozenDtype.FP32);
        for (int i = 0; i < 5; i++) {
            assertThat(Arithmetic.of(TorchDevice.CPU, FrozenDtype.FP32)).isEqualTo(once);
        }
        assertThat(Arithmetic.of(TorchDevice.CPU, FrozenDtype.BF16)).isNotEqualTo(once);
    }

    @Test
    void everyThreadRoundsAlike() {
        String here = Arithmetic.of(TorchDevice.CPU, FrozenDtype.FP32);
        for (int i = 0; i < 5; i++) {
            var there =
                    CompletableFuture.supplyAsync(
                            () -> Arithmetic.of(TorchDevice.CPU, FrozenDtype.FP32),
                            work -> new Thread(work).start());
            assertThat(there.join()).isEqualTo(here);
        }
    }
}
