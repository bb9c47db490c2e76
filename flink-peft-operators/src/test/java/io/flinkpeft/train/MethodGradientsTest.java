package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.lora.LoraForm;
import io.flinkpeft.method.lora.LoraVariant;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.BaseModels;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradients of the kernels of methods, in fp64, against finite differences. */
class MethodGradientsTest {

    private static final LoraVariant LORA = LoraVariant.DEFAULT;
    private static final Predicate<String> ALL = name -> true;

    private static PeftConfig lora(LoraVariant variant, String... targets) {
        return TinyModels.loraOnAllLinears(3, 6)
                .withTargets(TargetModules.named(targets))
                .withVariant(variant);
    }

    static Stream<Arguments> methods() {
        // DoRA's norm is a constant for the gradient: only the others' differences agree with it
        Predicate<String> notInTheNorm =
                name -> !name.contains("lora_A") && !name.contains("lora_B");
        return Stream.of(
                Arguments.of(lora(LORA.withForm(LoraForm.DORA), "query", "dense"), notInTheNorm),
                Arguments.of(lora(LORA.withForm(LoraForm.OPTIMIZER), "query", "dense"), ALL),
                Arguments.of(lora(LORA.withBiasOfB(), "word_embeddings", "value"), ALL),
                Arguments.of(Ia3Config.DEFAULT, ALL),
                Arguments.of(
                        AdaLoraConfig.of(new BudgetSchedule(10)).withRanks(3, 2, 4),
                        (Predicate<String>) name -> !name.equals("importances")));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void gradientsAgreeWithFiniteDifferences(PeftConfig method, Predicate<String> checked) {
        try (BaseModels.Lease lease =
                        BaseModels.acquire(
                                TinyModels.bertDirectory(), TorchDevice.CPU, FrozenDtype.FP32);
                NDManager manager = lease.model().manager().newSubManager()) {
            BaseModel base = lease.model();
            Head head = Head.of(new CheckpointTask(), base, List.of());
            RowLayout rowLayout = RowLayout.of(head.attach(method, base), head.module(), 4);
            double[] row = KernelTwinTest.randomRow(rowLayout);
            List<Tokens> texts = KernelTwinTest.texts(base);
            double[] gradient =
                    KernelTwinTest.gradientOf(step(base, rowLayout, row, texts, manager));
            for (int direction = 0; direction < 3; direction++) {
                double[] d = direction(rowLayout, checked, direction);
                double along = 0;
                double[] ahead = row.clone();
                double[] behind = row.clone();
                for (int i = 0; i < row.length; i++) {
                    along += d[i] * gradient[i];
                    ahead[i] += 1e-5 * d[i];
                    behind[i] -= 1e-5 * d[i];
                }
                double difference =
                        step(base, rowLayout, ahead, texts, manager).loss().getDouble()
                                - step(base, rowLayout, behind, texts, manager).loss().getDouble();
                assertThat(along).isNotCloseTo(0, within(1e-6));
                assertThat(difference / 2e-5).isCloseTo(along, within(1e-6));
            }
        }
    }

    private static double[] direction(RowLayout rowLayout, Predicate<String> checked, int number) {
        double[] d = new double[rowLayout.tensors().size()];
        long seed = Seeds.derive(number, "direction");
        for (TensorLayout.Slot slot : rowLayout.tensors().slots()) {
            for (int i = slot.offset(); i < slot.offset() + slot.size(); i++) {
                d[i] = checked.test(slot.name()) ? 2 * Seeds.uniform(seed, i) - 1 : 0;
            }
        }
        return d;
    }

    private static StepOutputs step(
            BaseModel base,
            RowLayout rowLayout,
            double[] row,
            List<Tokens> texts,
            NDManager manager) {
        return KernelTwinTest.kernelStep(
                new CheckpointTask(), base, rowLayout, row, texts, manager);
    }
}
