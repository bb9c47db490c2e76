package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.BaseModels;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.task.CausalLmTask;
import io.flinkpeft.task.ModelInput;
import io.flinkpeft.task.TextEncoder;
import io.flinkpeft.task.TextSettings;
import io.flinkpeft.testing.TinyModels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels of language models, run in fp64, against an op-by-op twin and finite differences. */
class DecoderTwinTest {

    private static final List<String> TEXTS =
            List.of("rain and fog on the coast", "the team", "a sour match was won in the storm");
    private static final double DISTANCE = 1e-6;

    private interface Check {
        void of(BaseModel base, RowLayout rowLayout, List<ModelInput> inputs, NDManager manager);
    }

    private static void with(String architecture, Check check) {
        ModelDirectory directory = TinyModels.gridModel(architecture);
        try (BaseModels.Lease lease =
                        BaseModels.acquire(directory, TorchDevice.CPU, FrozenDtype.FP32);
                NDManager manager = lease.model().manager().newSubManager()) {
            BaseModel base = lease.model();
            Head head = Head.of(new CausalLmTask(), base, List.of());
            AttachedMethod attachment = head.attach(TinyModels.loraWithOutput(3, 6), base);
            TextEncoder encoder =
                    TextEncoder.of(base, attachment, head.module(), TextSettings.of(64));
            List<ModelInput> inputs =
                    TEXTS.stream()
                            .map(text -> Example.unlabelled("a", text))
                            .map(e -> new CausalLmTask().encode(e.content(), List.of(), encoder))
                            .toList();
            check.of(base, RowLayout.of(attachment, head.module(), 0), inputs, manager);
        }
    }

    private static StepOutputs step(
            BaseModel base,
            RowLayout rowLayout,
            double[] row,
            List<ModelInput> inputs,
            NDManager manager) {
        PackedBatch batch = rowLayout.newBatch(base);
        ModelInput.pack(inputs, batch);
        long[] labels = inputs.stream().flatMapToLong(q -> LongStream.of(q.targets())).toArray();
        return KernelStep.of(base, rowLayout, row, batch, labels, 0, manager);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void lossesAndGradientsAreThoseOfTheTwin(String architecture) {
        with(
                architecture,
                (base, rowLayout, inputs, manager) -> {
                    double[] row = KernelTwinTest.randomRow(rowLayout);
                    StepOutputs step = step(base, rowLayout, row, inputs, manager);
                    NDArray leaf = manager.create(row);
                    leaf.setRequiresGradient(true);
                    double loss = twinLoss(base, rowLayout, inputs, leaf, manager);
                    assertThat(step.loss().getDouble()).isCloseTo(loss, within(1e-12));
                    assertThat(KernelStep.gradient(step))
                            .containsExactly(leaf.getGradient().toDoubleArray(), within(1e-11));
                });
    }

    private static double twinLoss(
            BaseModel base,
            RowLayout rowLayout,
            List<ModelInput> inputs,
            NDArray leaf,
            NDManager manager) {
        Map<String, Double> scales = new HashMap<>();
        List<TargetLayer> sites = base.sites(rowLayout.head());
        for (int i = 0; i < sites.size(); i++) {
            scales.put(sites.get(i).module(), rowLayout.attached().scales()[i]);
        }
        var twin = DecoderTwin.of(manager, base, scales);
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            Map<String, NDArray> parts = BertTwin.cut(leaf, rowLayout.tensors());
            NDArray loss = twin.loss(inputs.stream().map(ModelInput::tokens).toList(), parts);
            collector.backward(loss);
            return loss.getDouble();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void gradientsAgreeWithFiniteDifferences(String architecture) {
        with(
                architecture,
                (base, rowLayout, inputs, manager) -> {
                    double[] row = KernelTwinTest.randomRow(rowLayout);
                    double[] gradient =
                            KernelStep.gradient(step(base, rowLayout, row, inputs, manager));
                    long seed = Seeds.derive(3, "direction");
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
                            step(base, rowLayout, ahead, inputs, manager).loss().getDouble()
                                    - step(base, rowLayout, behind, inputs, manager)
                                            .loss()
                                            .getDouble();
                    assertThat(along).isNotCloseTo(0, within(1e-6));
                    assertThat(difference / (2 * DISTANCE)).isCloseTo(along, within(1e-8));
                });
    }
}
