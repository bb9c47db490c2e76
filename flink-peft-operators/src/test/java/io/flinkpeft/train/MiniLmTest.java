package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.BaseModels;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.model.ModelLocator;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Targets;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The default base of the examples: a real model of 22.7 million parameters. */
class MiniLmTest {

    private static final List<String> TEXTS =
            List.of(
                    "",
                    "a small domesticated carnivorous mammal",
                    "ein kleines Haustier, und \u00e9t\u00e9 \u4e2d\u6587",
                    "the act of moving from one place to another ".repeat(30),
                    "rain",
                    "a musical instrument that is played by striking keys with hammers and that"
                            + " has a range of eight octaves");

    @Test
    void featuresAreThoseOfOnnxRuntime() throws IOException, OrtException {
        try (BaseModels.Lease lease = TrainingSetup.acquire(ModelLocator.MINI_LM, "cpu", "fp32");
                OrtEnvironment environment = OrtEnvironment.getEnvironment();
                OrtSession session = environment.createSession(onnx())) {
            BaseModel base = lease.model();
            List<Tokens> tokens =
                    TEXTS.stream().map(t -> base.tokenizer().encode(t, null, 128)).toList();
            float[][] features = features(base, tokens);
            for (int i = 0; i < TEXTS.size(); i++) {
                double[] expected = meanPooled(environment, session, tokens.get(i));
                for (int j = 0; j < expected.length; j++) {
                    // ours are sqrt(384) times as long
                    assertThat(features[i][j] / Math.sqrt(expected.length))
                            .isCloseTo(expected[j], within(1e-5));
                }
            }
        }
    }

    /** The stream head with an identity for its weight gives the features. */
    private static float[][] features(BaseModel base, List<Tokens> tokens) {
        int size = base.hiddenSize();
        AttachedMethod none = AttachedMethod.none(base.sites().size());
        ModelHead head = Head.of(new StreamTask(), base, List.of()).module();
        RowLayout rowLayout = RowLayout.of(none, head, size);
        float[] row = new float[rowLayout.tensors().size()];
        for (int i = 0; i < size; i++) {
            row[i * size + i] = 1;
        }
        try (NDArray tensor = base.manager().create(row)) {
            Kernels kernels = new Kernels(base, head, none);
            PackedBatch batch = new PackedBatch().add(tokens);
            var asked =
                    new Kernels.PredictionPart(
                            tensor, size, new Targets.Classes(new long[tokens.size()]));
            return kernels.predict(rowLayout, List.of(asked), batch).get(0);
        }
    }

    private static byte[] onnx() throws IOException {
        try (InputStream in = MiniLmTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            return in.readAllBytes();
        }
    }

    private static double[] meanPooled(OrtEnvironment environment, OrtSession session, Tokens text)
            throws OrtException {
        long[] ones = new long[text.length()];
        Arrays.fill(ones, 1);
        try (var ids = OnnxTensor.createTensor(environment, new long[][] {text.ids()});
                var mask = OnnxTensor.createTensor(environment, new long[][] {ones});
                var kinds = OnnxTensor.createTensor(environment, new long[][] {text.typeIds()});
                var result =
                        session.run(
                                Map.of(
                                        "input_ids", ids,
                                        "attention_mask", mask,
                                        "token_type_ids", kinds))) {
            float[][] hidden = ((float[][][]) result.get(0).getValue())[0];
            double[] mean = new double[hidden[0].length];
            for (float[] token : hidden) {
                for (int j = 0; j < mean.length; j++) {
                    mean[j] += token[j] / hidden.length;
                }
            }
            double norm = 0;
            for (double value : mean) {
                norm += value * value;
            }
            for (int j = 0; j < mean.length; j++) {
                mean[j] /= Math.sqrt(norm);
            }
            return mean;
        }
    }

    /** On matrices of a real size: libtorch chooses its kernels by them. */
    @Test
    void whatAnAdapterLearnsDoesNotDependOnItsBatchMates() {
        TrainerConfig config =
                TrainerConfig.of(ModelLocator.MINI_LM, TinyModels.loraOnAllLinears(8, 16))
                        .withDtype("fp32");
        try (OnlineTrainer trainer = OnlineTrainer.open(config)) {
            LiveAdapter a = trainer.create("a");
            for (int size : new int[] {1, 2, 5}) {
                Batch own = new Batch(a, examples("a", size, 1), List.of());
                AdapterState alone = trainer.step(List.of(own)).get(0).after().snapshot();
                for (int mates : new int[] {1, 3, 12}) {
                    List<Batch> together = new ArrayList<>();
                    together.add(
                            new Batch(trainer.create("b"), examples("b", mates, 7), List.of()));
                    together.add(own);
                    together.add(new Batch(trainer.create("c"), examples("c", 2, 3), List.of()));
                    assertThat(trainer.step(together).get(1).after().snapshot())
                            .as("%d texts beside %d", size, mates)
                            .isEqualTo(alone);
                }
            }
        }
    }

    private static List<Example> examples(String adapter, int count, int stride) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = TEXTS.get((i * stride + 1) % TEXTS.size());
            examples.add(Example.labelled(adapter, text, "label " + i % 3));
        }
        return examples;
    }
}
