package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.bottleneck.NonLinearity;
import io.flinkpeft.method.bottleneck.Placement;
import io.flinkpeft.method.fusion.FusionConfig;
import io.flinkpeft.method.fusion.FusionOption;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.BaseModels;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.testing.TinyModels;
import io.flinkpeft.testing.TrainedAdapters;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * MAD-X and AdapterFusion, run in fp64, against an op-by-op twin and against finite differences.
 */
class ComposedAdaptersTest {

    private static final int[] LABELS = {0, 2, 1, 2, 0};
    private static final int CLASSES = 3;

    @TempDir private static Path adapters;

    static Stream<Arguments> cases() {
        return on("bert");
    }

    static Stream<Arguments> others() {
        return on("roberta", "deberta-v2");
    }

    private static Stream<Arguments> on(String... architectures) {
        return Stream.of(architectures)
                .map(TinyModels::gridModel)
                .flatMap(model -> methods(model).map(method -> Arguments.of(model, method)));
    }

    private static Stream<PeftConfig> methods(ModelDirectory model) {
        Path own = adapters.resolve(model.config().modelType());
        BottleneckConfig small = BottleneckConfig.of(Placement.PFEIFFER).withReduction(4);
        BottleneckConfig language = small.withName("lang").withInvertible(2);
        FrozenAdapter lowest = TrainedAdapters.frozen(own, model.path(), language);
        FrozenAdapter a =
                TrainedAdapters.frozen(
                        own,
                        model.path(),
                        small.withName("a").withNonLinearity(NonLinearity.GELU_NEW));
        FrozenAdapter b =
                TrainedAdapters.frozen(
                        own, model.path(), small.withName("b").withScaling(1.5).withReduction(2));
        FrozenAdapter twice =
                TrainedAdapters.frozen(
                        own,
                        model.path(),
                        BottleneckConfig.of(Placement.HOULSBY).withName("twice").withReduction(4));
        Set<FusionOption> other =
                EnumSet.of(
                        FusionOption.VALUE,
                        FusionOption.QUERY,
                        FusionOption.QUERY_BEFORE_LN,
                        FusionOption.RESIDUAL_BEFORE,
                        FusionOption.TEMPERATURE);
        return Stream.of(
                language,
                small.withLeaveOut(List.of(1)),
                small.on(lowest),
                BottleneckConfig.of(Placement.HOULSBY).withReduction(4).on(lowest, twice),
                FusionConfig.of(List.of(a, b)),
                FusionConfig.of(List.of(lowest, a, b)).withOptions(FusionOption.STATIC),
                FusionConfig.of(List.of(b, a)).withOptions(other));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logitsAndGradientsAreThoseOfTheTwin(ModelDirectory model, PeftConfig method) {
        try (BaseModels.Lease lease = BaseModels.acquire(model, TorchDevice.CPU, FrozenDtype.FP32);
                NDManager manager = lease.model().manager().newSubManager()) {
            BaseModel base = lease.model();
            RowLayout rowLayout = rowLayout(base, method);
            double[] row = row(rowLayout);
            List<Tokens> texts = KernelTwinTest.texts(base);
            StepOutputs step = step(base, rowLayout, row, texts, manager);
            BertTwin twin = BertTwin.of(manager, model, new CheckpointTask());
            twin.method(method, rowLayout.attached().frozen());
            NDArray leaf = manager.create(row);
            leaf.setRequiresGradient(true);
            double loss = backward(twin, leaf, rowLayout, texts);
            // fp64 agrees to rounding: the twin adds in another order
            assertThat(step.loss().getDouble()).isCloseTo(loss, within(1e-11));
            assertThat(KernelTwinTest.gradientOf(step))
                    .containsExactly(leaf.getGradient().toDoubleArray(), within(1e-10));
        }
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("others")
    void logitsAndGradientsOfOtherEncodersAreThoseOfTheTwin(
            ModelDirectory model, PeftConfig method) {
        logitsAndGradientsAreThoseOfTheTwin(model, method);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAgreeWithFiniteDifferences(ModelDirectory model, PeftConfig method) {
        try (BaseModels.Lease lease = BaseModels.acquire(model, TorchDevice.CPU, FrozenDtype.FP32);
                NDManager manager = lease.model().manager().newSubManager()) {
            BaseModel base = lease.model();
            RowLayout rowLayout = rowLayout(base, method);
            double[] row = row(rowLayout);
            List<Tokens> texts = KernelTwinTest.texts(base);
            double[] gradient =
                    KernelTwinTest.gradientOf(step(base, rowLayout, row, texts, manager));
            long seed = Seeds.derive(3, "direction");
            double along = 0;
            double[] ahead = row.clone();
            double[] behind = row.clone();
            for (int i = start(method); i < row.length; i++) {
                double d = 2 * Seeds.uniform(seed, i) - 1;
                along += d * gradient[i];
                ahead[i] += 1e-7 * d;
                behind[i] -= 1e-7 * d;
            }
            double difference =
                    step(base, rowLayout, ahead, texts, manager).loss().getDouble()
                            - step(base, rowLayout, behind, texts, manager).loss().getDouble();
            assertThat(along).isNotCloseTo(0, within(1e-6));
            assertThat(difference / 2e-7).isCloseTo(along, within(1e-6));
        }
    }

    /** The temperature is no trained value. */
    private static int start(PeftConfig method) {
        return temperature(method) ? 1 : 0;
    }

    private static boolean temperature(PeftConfig method) {
        return method instanceof FusionConfig fusion && fusion.has(FusionOption.TEMPERATURE);
    }

    private static RowLayout rowLayout(BaseModel base, PeftConfig method) {
        Head head = Head.of(new CheckpointTask(), base, List.of());
        AttachedMethod attachment = head.attach(method, base);
        return RowLayout.of(attachment, head.module(), 4);
    }

    private static double[] row(RowLayout rowLayout) {
        double[] row = KernelTwinTest.randomRow(rowLayout);
        if (temperature(rowLayout.attached().config())) {
            row[0] = 50;
        }
        return row;
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

    private static double backward(
            BertTwin twin, NDArray leaf, RowLayout rowLayout, List<Tokens> texts) {
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            // only now: the collector clears gradients by subtraction, and what is not set may be
            // NaN
            leaf.setRequiresGradient(true);
            var parts = BertTwin.cut(leaf, rowLayout.tensors());
            NDArray loss = twin.loss(texts, LABELS, parts, CLASSES);
            collector.backward(loss);
            return loss.getDouble();
        }
    }
}
