package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.GradientCollector;
import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.prefix.PrefixScope;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.selective.FullConfig;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.BaseModels;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.task.ModelInput;
import io.flinkpeft.task.Seq2SeqLmTask;
import io.flinkpeft.task.TextEncoder;
import io.flinkpeft.task.TextSettings;
import io.flinkpeft.testing.TinyModels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernels of encoder-decoders, run in fp64, against an op-by-op twin and against finite
 * differences.
 */
class Seq2SeqKernelTwinTest {

    /** Small, so that no kink of a rectifier lies between; rounding costs 1e-8 at this one. */
    private static final double DISTANCE = 1e-7;

    /** A base, a method on it, and texts with targets of several lengths. */
    private record Setting(BaseModel base, RowLayout rowLayout, List<ModelInput> inputs) {

        static Setting of(BaseModel base, PeftConfig method) {
            Head head = Head.of(new Seq2SeqLmTask(), base, List.of());
            RowLayout rowLayout = RowLayout.of(head.attach(method, base), head.module(), 0);
            TextEncoder encoder =
                    TextEncoder.of(base, rowLayout.attached(), head.module(), TextSettings.of(64));
            List<Example> examples =
                    new GoldenCase(base.directory().path().resolveSibling("lora")).examples();
            List<ModelInput> inputs =
                    examples.subList(0, 5).stream()
                            .map(e -> new Seq2SeqLmTask().encode(e.content(), List.of(), encoder))
                            .toList();
            return new Setting(base, rowLayout, inputs);
        }

        StepOutputs step(double[] row, NDManager manager) {
            PackedBatch batch = rowLayout.newBatch(base);
            ModelInput.pack(inputs, batch);
            long[] labels =
                    inputs.stream().flatMapToLong(q -> Arrays.stream(q.targets())).toArray();
            return KernelStep.of(base, rowLayout, row, batch, labels, 0, manager);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5", "t5-gated", "bart"})
    void lossAndGradientsAreThoseOfTheTwin(String model) {
        try (BaseModels.Lease lease = lease(model);
                NDManager manager = lease.model().manager().newSubManager()) {
            BaseModel base = lease.model();
            Setting setting = Setting.of(base, TinyModels.loraWithOutput(3, 6));
            double[] row = KernelTwinTest.randomRow(setting.rowLayout);
            StepOutputs step = setting.step(row, manager);

            Seq2SeqTwin twin = Seq2SeqTwin.of(manager, base.directory());
            List<TargetLayer> sites = base.sites(setting.rowLayout.head());
            for (int i = 0; i < sites.size(); i++) {
                twin.scale(sites.get(i).module(), setting.rowLayout.attached().scales()[i]);
            }
            NDArray leaf = manager.create(row);
            leaf.setRequiresGradient(true);
            double twinLoss = backward(twin, leaf, setting);

            assertThat(step.loss().getDouble()).isCloseTo(twinLoss, within(1e-12));
            assertThat(KernelStep.gradient(step))
                    .containsExactly(leaf.getGradient().toDoubleArray(), within(1e-11));
            assertThat(Arrays.stream(KernelStep.gradient(step)).filter(g -> g != 0).count())
                    .isGreaterThan(1000);
        }
    }

    private static double backward(Seq2SeqTwin twin, NDArray leaf, Setting setting) {
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            // it starts as whatever was in its memory
            leaf.getGradient().set(new NDIndex(":"), 0);
            NDArray loss =
                    twin.loss(
                            setting.inputs.stream().map(ModelInput::tokens).toList(),
                            setting.inputs.stream().map(ModelInput::decoder).toList(),
                            setting.inputs.stream().map(ModelInput::targets).toList(),
                            BertTwin.cut(leaf, setting.rowLayout.tensors()));
            collector.backward(loss);
            return loss.getDouble();
        }
    }

    static Stream<Arguments> methods() {
        var everywhere = new PrefixTuningConfig(3).withScope(PrefixScope.EVERY_ATTENTION);
        return Stream.of(
                Arguments.of("t5-gated", new PrefixTuningConfig(3)),
                Arguments.of("t5-gated", everywhere),
                Arguments.of("t5", new FullConfig()),
                Arguments.of("t5", new PromptTuningConfig(3)),
                Arguments.of("bart", everywhere.withProjection(6)),
                Arguments.of("bart", new FullConfig()));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void gradientsAgreeWithFiniteDifferences(String model, PeftConfig method) {
        try (BaseModels.Lease lease = lease(model);
                NDManager manager = lease.model().manager().newSubManager()) {
            Setting setting = Setting.of(lease.model(), method);
            double[] row = KernelTwinTest.randomRow(setting.rowLayout);
            double[] gradient = KernelStep.gradient(setting.step(row, manager));
            for (int direction = 0; direction < 3; direction++) {
                long seed = Seeds.derive(direction, "direction");
                double along = 0;
                double[] ahead = row.clone();
                double[] behind = row.clone();
                for (int i = 0; i < row.length; i++) {
                    double d = 2 * Seeds.uniform(seed, i) - 1;
                    along += d * gradient[i];
                    ahead[i] += DISTANCE * d;
                    behind[i] -= DISTANCE * d;
                }
                double difference =
                        setting.step(ahead, manager).loss().getDouble()
                                - setting.step(behind, manager).loss().getDouble();
                assertThat(along).isNotCloseTo(0, within(1e-4));
                assertThat(difference / (2 * DISTANCE)).isCloseTo(along, within(2e-7));
            }
        }
    }

    private static BaseModels.Lease lease(String model) {
        return BaseModels.acquire(TinyModels.gridModel(model), TorchDevice.CPU, FrozenDtype.FP32);
    }
}
