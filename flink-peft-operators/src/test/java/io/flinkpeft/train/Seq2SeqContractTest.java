package io.flinkpeft.train;

import static io.flinkpeft.train.Training.batch;
import static io.flinkpeft.train.Training.step;
import static io.flinkpeft.train.Training.warmedUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.Placement;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.lora.Initialization;
import io.flinkpeft.method.lora.LoraForm;
import io.flinkpeft.method.lora.LoraVariant;
import io.flinkpeft.method.prefix.PrefixScope;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.ptuning.PTuningConfig;
import io.flinkpeft.method.ptuning.PromptEncoder;
import io.flinkpeft.method.selective.BitFitConfig;
import io.flinkpeft.method.selective.FreezeConfig;
import io.flinkpeft.method.selective.FullConfig;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.task.CausalLmTask;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.Decoding;
import io.flinkpeft.task.GeneratedText;
import io.flinkpeft.task.QuestionAnsweringTask;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.Seq2SeqLmTask;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.TokenClassificationTask;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every method promises, on encoder-decoders. */
class Seq2SeqContractTest {

    private static final OptimizerConfig FAST =
            new OptimizerConfig(2e-3, 2e-3, 0.01, 0.9, 0.999, 1e-8, 1.0);
    private static final TargetModules DEFAULT = TargetModules.DEFAULT;

    private final List<Example> examples =
            new GoldenCase(TinyModels.golden().resolve("grid/t5/lora")).examples();

    @TempDir private Path directory;

    private static PeftConfig lora(LoraVariant variant) {
        return TinyModels.loraOnAllLinears(2, 4).withTargets(DEFAULT).withVariant(variant);
    }

    static Stream<PeftConfig> methodsThatStartAsNothing() {
        return Stream.of(
                TinyModels.loraWithOutput(3, 6).withDropout(0.2),
                TinyModels.loraWithOutput(3, 6).withInitialization(Initialization.PISSA),
                lora(LoraVariant.DEFAULT.withForm(LoraForm.DORA)),
                lora(LoraVariant.DEFAULT.withForm(LoraForm.OPTIMIZER)),
                Ia3Config.DEFAULT,
                AdaLoraConfig.of(new BudgetSchedule(8, 1, 2, 1, 9)).withRanks(4, 2, 8),
                new FreezeConfig(1),
                new FullConfig());
    }

    static Stream<PeftConfig> methods() {
        return Stream.concat(
                methodsThatStartAsNothing(),
                Stream.of(
                        new PromptTuningConfig(3).fromVocabulary(),
                        new PTuningConfig(3).withEncoder(PromptEncoder.LSTM, 8),
                        new PrefixTuningConfig(3),
                        everyAttention(),
                        everyAttention().withProjection(12),
                        BottleneckConfig.of(Placement.HOULSBY),
                        BottleneckConfig.of(Placement.PARALLEL)));
    }

    private static PrefixTuningConfig everyAttention() {
        return new PrefixTuningConfig(3).withScope(PrefixScope.EVERY_ATTENTION);
    }

    /** The whole product is for the night. */
    static Stream<TrainerConfig> some() {
        return Stream.of(
                config("t5", TinyModels.loraWithOutput(3, 6).withDropout(0.2)),
                config("t5-gated", everyAttention()),
                config("bart", lora(LoraVariant.DEFAULT.withForm(LoraForm.DORA))),
                config("bart", new BitFitConfig()),
                config("bart", new PTuningConfig(3).withEncoder(PromptEncoder.LSTM, 8)),
                config("bart", everyAttention().withProjection(12)),
                config("t5", BottleneckConfig.of(Placement.PFEIFFER)));
    }

    static Stream<TrainerConfig> all() {
        return methods().flatMap(m -> Stream.of("t5", "bart").map(model -> config(model, m)));
    }

    static Stream<TrainerConfig> startAsNothing() {
        return methodsThatStartAsNothing()
                .flatMap(m -> Stream.of("t5-gated", "bart").map(model -> config(model, m)));
    }

    private static TrainerConfig config(String model, PeftConfig method) {
        String path =
                TinyModels.golden().resolve("grid").resolve(model).resolve("model").toString();
        return TrainerConfig.of(path, method.withTaskType(TaskType.SEQ_2_SEQ_LM))
                .withTask(new Seq2SeqLmTask())
                .withDtype("fp32")
                .withOptimizer(FAST);
    }

    @ParameterizedTest
    @MethodSource("startAsNothing")
    void aFreshAdapterChangesNothing(TrainerConfig config) {
        try (OnlineTrainer trainer = OnlineTrainer.open(config);
                ModelPredictor predictor = ModelPredictor.open(config.model(), "cpu", "fp32", 64);
                ServingAdapter fresh = predictor.load(trainer.version(trainer.create("a")))) {
            assertThat(Predicted.losses(predictor, requests(fresh, examples)))
                    .containsExactly(
                            Predicted.losses(predictor, requests(null, examples)), within(1e-5));
        }
    }

    @ParameterizedTest
    @MethodSource("some")
    void trainingIsTheSameAfterARestartAndBesideOthers(TrainerConfig config) {
        assertTheSameBits(config);
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("all")
    void everyTrainingIsTheSameAfterARestartAndBesideOthers(TrainerConfig config) {
        assertTheSameBits(config);
    }

    private void assertTheSameBits(TrainerConfig config) {
        try (OnlineTrainer trainer = OnlineTrainer.open(config);
                OnlineTrainer afterCrash = OnlineTrainer.open(config)) {
            LiveAdapter middle = warmedUp(trainer, "a", examples.subList(0, 9));
            AdapterState alone = step(trainer, middle, examples.subList(3, 5)).after().snapshot();
            LiveAdapter restored = afterCrash.restore(middle.snapshot());
            Batch mate =
                    batch(
                            warmedUp(afterCrash, "mate", examples.subList(3, 12)),
                            examples.subList(5, 12));
            Batch own = batch(restored, examples.subList(3, 5));
            List<BatchOutcome> together = afterCrash.step(List.of(mate, own));
            assertThat(together.get(1).after().snapshot()).isEqualTo(alone);
            assertThat(alone.row()).isNotEqualTo(middle.snapshot().row());
        }
    }

    @ParameterizedTest
    @MethodSource("some")
    void aVersionAndAnExportPredictAndGenerateTheSame(TrainerConfig config) throws IOException {
        assertTheSamePredictions(config);
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("all")
    void everyVersionAndExportPredictAndGenerateTheSame(TrainerConfig config) throws IOException {
        assertTheSamePredictions(config);
    }

    private void assertTheSamePredictions(TrainerConfig config) throws IOException {
        try (OnlineTrainer trainer = OnlineTrainer.open(config);
                ModelPredictor predictor = ModelPredictor.open(config.model(), "cpu", "fp32", 64)) {
            LiveAdapter adapter =
                    step(trainer, trainer.create("a"), examples.subList(0, 4)).after();
            trainer.export(adapter, directory);
            double[] learning =
                    step(trainer, adapter, examples).results().stream()
                            .mapToDouble(result -> result.loss())
                            .toArray();
            try (ServingAdapter version = predictor.load(trainer.version(adapter));
                    ServingAdapter export = predictor.load("a", directory)) {
                double[] losses = Predicted.losses(predictor, requests(version, examples));
                if (((DeviceAdapter) adapter).rowLayout().attached().dropout() == 0) {
                    assertThat(losses).containsExactly(learning, within(2e-6));
                }
                assertThat(Predicted.losses(predictor, requests(export, examples)))
                        .containsExactly(losses);
                assertThat(
                                ids(
                                        Predicted.texts(
                                                predictor,
                                                requests(export, examples),
                                                Decoding.greedy(4))))
                        .isEqualTo(
                                ids(
                                        Predicted.texts(
                                                predictor,
                                                requests(version, examples),
                                                Decoding.greedy(4))));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5", "t5-gated", "bart"})
    void textsAreContinuedAsIfTheyWereAlone(String model) {
        TrainerConfig config = config(model, new PrefixTuningConfig(3));
        Decoding sampled = Decoding.greedy(6).sampled(0.9, 20, 0.95, 5);
        try (OnlineTrainer trainer = OnlineTrainer.open(config);
                ModelPredictor predictor = ModelPredictor.open(config.model(), "cpu", "fp32", 64);
                ServingAdapter a = predictor.load(trainer.version(trainer.create("a")));
                ServingAdapter b = predictor.load(trainer.version(trainer.create("b")))) {
            List<Request<ServingAdapter>> mixed = new ArrayList<>();
            for (int i = 0; i < examples.size(); i++) {
                mixed.addAll(requests(i % 3 == 0 ? b : a, examples.subList(i, i + 1)));
            }
            for (Decoding decoding : List.of(Decoding.greedy(6), sampled)) {
                List<List<Long>> together = ids(Predicted.texts(predictor, mixed, decoding));
                double[] losses = Predicted.losses(predictor, mixed);
                for (int i = 0; i < mixed.size(); i++) {
                    List<Request<ServingAdapter>> alone = List.of(mixed.get(i));
                    assertThat(ids(Predicted.texts(predictor, alone, decoding)).get(0))
                            .isEqualTo(together.get(i));
                    assertThat(Predicted.losses(predictor, alone)[0])
                            .isCloseTo(losses[i], within(2e-6));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("some")
    void aValueThatIsNoNumberIsRefused(TrainerConfig config) {
        try (OnlineTrainer trainer = OnlineTrainer.open(config)) {
            AdapterState state = trainer.create("a").snapshot();
            Arrays.fill(state.row(), Float.NaN);
            LiveAdapter broken = trainer.restore(state);
            BatchOutcome outcome = step(trainer, broken, examples.subList(0, 2));
            assertThat(outcome.after()).isSameAs(broken);
            assertThat(outcome.rejected()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5", "bart"})
    void nothingIsLearnedWithoutATarget(String model) {
        try (OnlineTrainer trainer = OnlineTrainer.open(config(model, new FreezeConfig(1)))) {
            LiveAdapter fresh = trainer.create("a");
            List<Example> plain = List.of(Example.unlabelled("a", "rain"), target("", "rain"));
            BatchOutcome outcome = step(trainer, fresh, plain.subList(0, 1));
            assertThat(outcome.after()).isSameAs(fresh);
            assertThat(outcome.results().get(0).loss()).isNaN();
            assertThat(step(trainer, fresh, plain).after().step()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5", "bart"})
    void theWordsEmbeddingMayBeThatOfTheEncoder(String model) throws IOException {
        Path original = TinyModels.golden().resolve("grid").resolve(model).resolve("model");
        for (String file : List.of("config.json", "tokenizer.json", "generation_config.json")) {
            Files.copy(original.resolve(file), directory.resolve(file));
        }
        List<TensorView> tensors =
                ModelDirectory.open(original).tensors().values().stream()
                        .map(t -> renamed(t, "shared", "encoder.embed_tokens"))
                        .toList();
        Path file = directory.resolve("model.safetensors");
        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
        try (ModelPredictor one = ModelPredictor.open(original.toString(), "cpu", "fp32", 64);
                ModelPredictor other =
                        ModelPredictor.open(directory.toString(), "cpu", "fp32", 64)) {
            assertThat(Predicted.losses(other, requests(null, examples)))
                    .containsExactly(Predicted.losses(one, requests(null, examples)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5-gated", "bart"})
    void frozenLayersMayBeInHalfPrecision(String model) {
        String path = config(model, new FullConfig()).model();
        try (ModelPredictor single = ModelPredictor.open(path, "cpu", "fp32", 64);
                ModelPredictor half = ModelPredictor.open(path, "cpu", "bf16", 64)) {
            double[] losses = Predicted.losses(single, requests(null, examples));
            assertThat(Predicted.losses(half, requests(null, examples)))
                    .containsExactly(losses, within(0.1))
                    .isNotEqualTo(losses);
            assertThat(Predicted.texts(half, requests(null, examples), Decoding.greedy(2)))
                    .hasSize(16);
        }
    }

    private static TensorView renamed(TensorView tensor, String from, String to) {
        String name = tensor.name().replace(from + ".", to + ".");
        return TensorView.of(name, tensor.toFloats(), tensor.dimensions());
    }

    private static Example target(String target, String text) {
        return new Example("a", text, null, null, target, 0, null, -1, -1);
    }

    @Test
    void whatDoesNotFitAnEncoderDecoderIsRefused() {
        assertRefused(
                config("bart", new PrefixTuningConfig(3)).withTask(new StreamTask()),
                "head.kind (STREAM) must not be used with model_type (bart)");
        assertRefused(
                config("t5", new PrefixTuningConfig(3)).withTask(new CheckpointTask()),
                "has no tensor classification_head.dense.weight, head.kind (CHECKPOINT) must have"
                        + " it.");
        assertRefused(
                config("t5", new PrefixTuningConfig(3)).withTask(new TokenClassificationTask()),
                "is of a family without a head for TOKEN_CLS, head.kind (TOKEN_CLASSIFICATION) must"
                        + " have it. Maybe use SEQ_2_SEQ_LM.");
        assertRefused(
                config("bart", new PrefixTuningConfig(3)).withTask(new QuestionAnsweringTask()),
                "peft_type (PREFIX_TUNING) must not be used with head.kind (QUESTION_ANSWERING) and"
                        + " model_type (bart), whose decoder reads the text itself. Maybe use"
                        + " SEQ_2_SEQ_LM.");
        assertRefused(
                config("t5", new BitFitConfig()),
                "peft.bitfit.modules [] must mean at least one module with a bias.");
        assertRefused(
                config("t5", lora(LoraVariant.DEFAULT).withTaskType(TaskType.SEQ_2_SEQ_LM))
                        .withTask(new CausalLmTask()),
                "head.kind (CAUSAL_LM)");
        TargetModules shared = TargetModules.named("shared");
        assertRefused(
                config("bart", TinyModels.loraOnAllLinears(2, 4).withTargets(shared)),
                "target_modules has shared, which means model.shared, must mean linear layers");
    }

    private static void assertRefused(TrainerConfig config, String message) {
        assertThatThrownBy(() -> OnlineTrainer.open(config)).hasMessageContaining(message);
    }

    private static List<Request<ServingAdapter>> requests(
            ServingAdapter a, List<Example> examples) {
        return examples.stream()
                .map(e -> new Request<ServingAdapter>(a, e.text(), null, e.target()))
                .toList();
    }

    private static List<List<Long>> ids(List<GeneratedText> generated) {
        return IntStream.range(0, generated.size())
                .mapToObj(i -> Arrays.stream(generated.get(i).ids()).boxed().toList())
                .toList();
    }
}
