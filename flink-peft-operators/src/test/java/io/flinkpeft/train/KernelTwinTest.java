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
import io.flinkpeft.method.bottleneck.NonLinearity;
import io.flinkpeft.method.bottleneck.Placement;
import io.flinkpeft.method.prefix.PrefixScope;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.BaseModels;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.testing.DebertaVariant;
import io.flinkpeft.testing.TinyModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernels, run in fp64, against an op-by-op twin and against finite differences. */
class KernelTwinTest {

    private static final int CLASSES = 3;
    private static final int[] LABELS = {0, 2, 1, 2, 0};

    /** Small, so that no kink of a rectifier lies between; rounding costs 1e-8 at this one. */
    private static final double DISTANCE = 1e-7;

    /** Has no divisor in common with the numbers of heads and methods: each comes up. */
    private static final int TURN = 3;

    @TempDir private static Path variants;

    private ModelDirectory directory;

    /** Each model with one head and one method, in turn; prefixes that PEFT lacks. */
    static Stream<Arguments> cases() {
        List<Arguments> all = product().toList();
        return Stream.concat(
                IntStream.range(0, all.size()).filter(i -> i % TURN == 0).mapToObj(all::get),
                Stream.of(
                        Arguments.of(
                                TinyModels.gridModel("deberta-v2"),
                                new CheckpointTask(),
                                everyAttention()),
                        Arguments.of(
                                DebertaVariant.withOwnProjections(variants),
                                new StreamTask(),
                                everyAttention())));
    }

    /** With the encoder of T5, whose twin is that of the whole model. */
    static Stream<Arguments> differences() {
        Stream<Arguments> encoder =
                Stream.of(everyAttention(), everyAttention().withProjection(6))
                        .map(
                                method ->
                                        Arguments.of(
                                                TinyModels.gridModel("t5-token"),
                                                new StreamTask(),
                                                method));
        return Stream.concat(cases(), encoder);
    }

    private static PrefixTuningConfig everyAttention() {
        return new PrefixTuningConfig(3).withScope(PrefixScope.EVERY_ATTENTION);
    }

    /** All the others. */
    static Stream<Arguments> otherCases() {
        List<Arguments> all = product().toList();
        return IntStream.range(0, all.size()).filter(i -> i % TURN != 0).mapToObj(all::get);
    }

    private static Stream<Arguments> product() {
        List<ModelDirectory> models = new ArrayList<>();
        Stream.of("bert", "roberta", "deberta-v2").map(TinyModels::gridModel).forEach(models::add);
        models.add(DebertaVariant.withOwnProjections(variants));
        return models.stream()
                .flatMap(
                        model ->
                                Stream.of(new StreamTask(), new CheckpointTask())
                                        .flatMap(
                                                kind ->
                                                        methods()
                                                                .map(
                                                                        m ->
                                                                                Arguments.of(
                                                                                        model, kind,
                                                                                        m))));
    }

    private static Stream<PeftConfig> methods() {
        var parallel = BottleneckConfig.of(Placement.PARALLEL);
        return Stream.of(
                TinyModels.loraOnAllLinears(3, 6),
                BottleneckConfig.of(Placement.HOULSBY).withReduction(4),
                BottleneckConfig.of(Placement.PFEIFFER).withReduction(4),
                parallel,
                parallel.withNonLinearity(NonLinearity.GELU).withScaling(0.5));
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("otherCases")
    void logitsAndGradientsAreThoseOfTheTwinInTheOtherCases(
            ModelDirectory model, Task kind, PeftConfig method) {
        logitsAndGradientsAreThoseOfTheTwin(model, kind, method);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logitsAndGradientsAreThoseOfTheTwin(ModelDirectory model, Task kind, PeftConfig method) {
        directory = model;
        try (BaseModels.Lease lease =
                        BaseModels.acquire(directory, TorchDevice.CPU, FrozenDtype.FP32);
                NDManager manager = lease.model().manager().newSubManager()) {
            BaseModel base = lease.model();
            AttachedMethod attachment = attachment(kind, base, method);
            RowLayout rowLayout = RowLayout.of(attachment, head(kind, base).module(), 4);
            double[] row = randomRow(rowLayout);
            List<Tokens> texts = texts(base);
            StepOutputs step = kernelStep(kind, base, rowLayout, row, texts, manager);

            BertTwin twin = BertTwin.of(manager, directory, kind);
            twin.method(method, attachment.frozen());
            scales(attachment, base, kind, twin);
            NDArray leaf = manager.create(row);
            leaf.setRequiresGradient(true);
            double twinLoss = backward(twin, leaf, rowLayout, texts);

            // fp64 agrees to rounding: the twin adds in another order
            assertThat(step.loss().getDouble()).isCloseTo(twinLoss, within(1e-12));
            double[] gradient = gradientOf(step);
            double[] twinGradient = leaf.getGradient().toDoubleArray();
            assertThat(gradient).containsExactly(twinGradient, within(1e-11));
            assertThat(Arrays.stream(gradient).filter(g -> g != 0).count()).isGreaterThan(100);
            double[] logits = step.outputs().toDoubleArray();
            for (int t = 0; t < texts.size(); t++) {
                NDArray expected =
                        twin.logits(texts.get(t), BertTwin.cut(leaf, rowLayout.tensors()), CLASSES);
                assertThat(Arrays.copyOfRange(logits, t * CLASSES, (t + 1) * CLASSES))
                        .containsExactly(expected.toDoubleArray(), within(1e-12));
            }
        }
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("otherCases")
    void gradientsAgreeWithFiniteDifferencesInTheOtherCases(
            ModelDirectory model, Task kind, PeftConfig method) {
        gradientsAgreeWithFiniteDifferences(model, kind, method);
    }

    @ParameterizedTest
    @MethodSource("differences")
    void gradientsAgreeWithFiniteDifferences(ModelDirectory model, Task kind, PeftConfig method) {
        directory = model;
        try (BaseModels.Lease lease =
                        BaseModels.acquire(directory, TorchDevice.CPU, FrozenDtype.FP32);
                NDManager manager = lease.model().manager().newSubManager()) {
            BaseModel base = lease.model();
            RowLayout rowLayout =
                    RowLayout.of(attachment(kind, base, method), head(kind, base).module(), 4);
            double[] row = randomRow(rowLayout);
            List<Tokens> texts = texts(base);
            double[] gradient = gradientOf(kernelStep(kind, base, rowLayout, row, texts, manager));
            for (int direction = 0; direction < 5; direction++) {
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
                        kernelStep(kind, base, rowLayout, ahead, texts, manager).loss().getDouble()
                                - kernelStep(kind, base, rowLayout, behind, texts, manager)
                                        .loss()
                                        .getDouble();
                assertThat(difference / (2 * DISTANCE)).isCloseTo(along, within(1e-7));
            }
        }
    }

    private static AttachedMethod attachment(Task kind, BaseModel base, PeftConfig method) {
        return head(kind, base).attach(method, base);
    }

    private static Head head(Task kind, BaseModel base) {
        return Head.of(kind, base, List.of());
    }

    static double[] randomRow(RowLayout rowLayout) {
        double[] row = new double[rowLayout.tensors().size()];
        long seed = Seeds.derive(7, "row");
        for (int i = 0; i < row.length; i++) {
            // exact in fp32 as well
            row[i] = (Seeds.uniform(seed, i) - 0.5f) * 0.5f;
        }
        return row;
    }

    static List<Tokens> texts(BaseModel base) {
        List<Tokens> texts = new ArrayList<>();
        for (String text : TinyModels.sentences().subList(0, LABELS.length)) {
            texts.add(base.tokenizer().encode(text, null, 64));
        }
        return texts;
    }

    private static void scales(AttachedMethod a, BaseModel base, Task kind, BertTwin twin) {
        var sites = base.sites(head(kind, base).module());
        for (int i = 0; i < sites.size(); i++) {
            twin.scale(sites.get(i).module(), a.scales()[i]);
        }
    }

    private static double backward(
            BertTwin twin, NDArray leaf, RowLayout rowLayout, List<Tokens> texts) {
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            Map<String, NDArray> parts = BertTwin.cut(leaf, rowLayout.tensors());
            NDArray loss = twin.loss(texts, LABELS, parts, CLASSES);
            collector.backward(loss);
            return loss.getDouble();
        }
    }

    static StepOutputs kernelStep(
            Task kind,
            BaseModel base,
            RowLayout rowLayout,
            double[] row,
            List<Tokens> texts,
            NDManager manager) {
        var batch = new PackedBatch().add(texts);
        long[] labels = Arrays.stream(LABELS).asLongStream().toArray();
        return KernelStep.of(base, rowLayout, row, batch, labels, CLASSES, manager);
    }

    /** The first moment after the first step is the gradient times what beta1 leaves of it. */
    static double[] gradientOf(StepOutputs step) {
        return KernelStep.gradient(step);
    }
}
