package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.lora.LoraForm;
import io.flinkpeft.method.lora.LoraVariant;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoraVariantsTest {

    private static final LoraConfig LORA = TinyModels.loraOnAllLinears(3, 6);

    private final List<Example> examples = TinyModels.examples("a");

    private static OnlineTrainer trainer(LoraVariant variant, double decay) {
        return OnlineTrainer.open(
                TrainerConfig.of(TinyModels.bert().toString(), LORA.withVariant(variant))
                        .withTask(new CheckpointTask())
                        .withDtype("fp32")
                        .withOptimizer(
                                new OptimizerConfig(1e-3, 1e-3, decay, 0.9, 0.999, 1e-8, 1)));
    }

    private LiveAdapter steps(OnlineTrainer trainer, int steps) {
        LiveAdapter adapter = trainer.create("a");
        for (int i = 0; i < steps; i++) {
            int from = 4 * i % 48;
            var batch = new Batch(adapter, examples.subList(from, from + 4), List.of());
            adapter = trainer.step(List.of(batch)).get(0).after();
        }
        return adapter;
    }

    @Test
    void loraPlusMovesOnlyBFaster() {
        try (OnlineTrainer plain = trainer(LoraVariant.DEFAULT, 0);
                OnlineTrainer plus = trainer(LoraVariant.DEFAULT.withRateRatio(16), 0)) {
            LiveAdapter slow = steps(plain, 1);
            LiveAdapter fast = steps(plus, 1);
            float[] a = slow.snapshot().row();
            float[] b = fast.snapshot().row();
            for (TensorLayout.Slot slot : ((DeviceAdapter) slow).rowLayout().tensors().slots()) {
                // B starts at zero: what it is after a step is what the step moved
                int factor = slot.name().endsWith("lora_B.weight") ? 16 : 1;
                for (int i = slot.offset(); i < slot.offset() + slot.size(); i++) {
                    assertThat(b[i]).as(slot.name()).isCloseTo(factor * a[i], within(1e-7f));
                }
            }
            // Adam's first step is the rate, whatever the gradient
            float[] moved = new float[] {0};
            for (TensorLayout.Slot slot : ((DeviceAdapter) slow).rowLayout().tensors().slots()) {
                if (slot.name().endsWith("lora_B.weight")) {
                    for (int i = slot.offset(); i < slot.offset() + slot.size(); i++) {
                        moved[0] = Math.max(moved[0], Math.abs(b[i]));
                    }
                }
            }
            assertThat(moved[0]).isCloseTo(16e-3f, within(1e-5f));
        }
    }

    @Test
    void aRatioThatIsNoneIsRefused() {
        assertThatThrownBy(() -> LoraVariant.DEFAULT.withRateRatio(0))
                .hasMessage(
                        "peft.lora.loraplus-lr-ratio (0.0) must be more than 0 and at most 1e6. Maybe"
                                + " use 16, or 1 for one rate.");
    }

    @Test
    void theOptimizersFormLearnsWhatTheAdapterLearns() {
        LoraVariant form = LoraVariant.DEFAULT.withForm(LoraForm.OPTIMIZER);
        // after 50 steps; epsilon keeps Adam from making noise of gradients that are nearly zero
        try (OnlineTrainer ordinary = smooth(LoraVariant.DEFAULT);
                OnlineTrainer optimizer = smooth(form)) {
            float[] expected = steps(ordinary, 50).snapshot().row();
            float[] row = steps(optimizer, 50).snapshot().row();
            for (int i = 0; i < row.length; i++) {
                assertThat(row[i]).isCloseTo(expected[i], within(1e-6f));
            }
            assertThat(row).isNotEqualTo(ordinary.create("a").snapshot().row());
        }
    }

    private static OnlineTrainer smooth(LoraVariant variant) {
        return OnlineTrainer.open(
                TrainerConfig.of(TinyModels.bert().toString(), LORA.withVariant(variant))
                        .withTask(new CheckpointTask())
                        .withDtype("fp32")
                        .withOptimizer(new OptimizerConfig(1e-3, 1e-3, 0.01, 0.9, 0.999, 1e-2, 1)));
    }

    @Test
    void theOptimizersFormHasNoInputToDrop() {
        LoraVariant form = LoraVariant.DEFAULT.withForm(LoraForm.OPTIMIZER);
        assertThatThrownBy(() -> LORA.withDropout(0.1).withVariant(form))
                .hasMessageContaining("peft.lora.dropout (0.1) must be 0 for peft.lora.variant");
    }
}
