package io.flinkpeft.train;

import static io.flinkpeft.train.Training.batch;
import static io.flinkpeft.train.Training.learn;
import static io.flinkpeft.train.Training.step;
import static io.flinkpeft.train.Training.warmedUp;
import static java.lang.Boolean.TRUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.task.CausalLmTask;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.Cloze;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.MultiLabelTask;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.QuestionAnsweringTask;
import io.flinkpeft.task.RegressionTask;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.Seq2SeqLmTask;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.TokenClassificationTask;
import io.flinkpeft.testing.TinyModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every task: restored equals uninterrupted, and batch mates do not leak. */
class TaskContractTest {

    private static final Path GRID = TinyModels.golden().resolve("grid");
    private static final OptimizerConfig FAST =
            new OptimizerConfig(1e-2, 1e-2, 0.01, 0.9, 0.999, 1e-8, Double.POSITIVE_INFINITY);
    private static final Cloze CLOZE =
            new Cloze(
                    "{text} It was [MASK].",
                    Map.of(
                            "food", List.of("bread", "fish"),
                            "weather", List.of("rain"),
                            "sport", List.of("match")));

    /** A task on a tiny model with the lines of its golden case. */
    record Case(String directory, TrainerConfig config, String lines) {
        static Case of(String directory, Task head, TaskType task) {
            return new Case(
                    directory,
                    TrainerConfig.of(
                                    GRID.resolve(directory).resolve("model").toString(),
                                    new LoraConfig(2, 4).withTaskType(task))
                            .withTask(head)
                            .withDtype("fp32")
                            .withOptimizer(FAST),
                    "grid/" + directory + "/lora");
        }

        List<Example> examples() {
            return new GoldenCase(TinyModels.golden().resolve(lines)).examples();
        }
    }

    static Stream<Case> cases() {
        Case masked = Case.of("bert-mlm", new StreamTask(), TaskType.UNSPECIFIED);
        return Stream.of(
                Case.of("bert-token", new TokenClassificationTask(), TaskType.TOKEN_CLS),
                Case.of("bert-qa", new QuestionAnsweringTask(), TaskType.QUESTION_ANS),
                Case.of("bert-regression", new RegressionTask(), TaskType.SEQ_CLS),
                Case.of("gpt2-regression", new RegressionTask(), TaskType.SEQ_CLS),
                Case.of("bert-labels", new MultiLabelTask(), TaskType.SEQ_CLS),
                Case.of("gpt2-labels", new MultiLabelTask(), TaskType.SEQ_CLS),
                Case.of("gpt2-cls", new CheckpointTask(), TaskType.SEQ_CLS),
                Case.of("bart-cls", new CheckpointTask(), TaskType.SEQ_CLS),
                Case.of("t5-qa", new QuestionAnsweringTask(), TaskType.QUESTION_ANS),
                Case.of("t5-token", new TokenClassificationTask(), TaskType.TOKEN_CLS),
                Case.of("qwen3-cls", new StreamTask(), TaskType.FEATURE_EXTRACTION),
                new Case(
                        "cloze",
                        masked.config().withTask(new ClozeTask(CLOZE)),
                        "cloze/bert-lora"));
    }

    static Stream<Case> allCases() {
        return Stream.concat(
                cases(),
                Stream.of(
                        Case.of("bert", new StreamTask(), TaskType.FEATURE_EXTRACTION),
                        Case.of("bert", new CheckpointTask(), TaskType.SEQ_CLS),
                        Case.of("gpt2", new CausalLmTask(), TaskType.CAUSAL_LM),
                        Case.of("t5", new Seq2SeqLmTask(), TaskType.SEQ_2_SEQ_LM),
                        Case.of("bart", new Seq2SeqLmTask(), TaskType.SEQ_2_SEQ_LM)));
    }

    /** It would throw if nothing was learned. */
    @ParameterizedTest
    @MethodSource("allCases")
    void aTrialStepLearnsAndLeavesNothing(Case task) {
        try (OnlineTrainer trainer = OnlineTrainer.open(task.config())) {
            LiveAdapter before = trainer.create("a");
            AdapterState state = before.snapshot();
            trainer.trial();
            assertThat(before.snapshot()).isEqualTo(state);
            assertThat(trainer.create("a").snapshot()).isEqualTo(state);
        }
    }

    /** Here as values that no number holds come of it. */
    @ParameterizedTest
    @MethodSource("allCases")
    void aTrialStepThatLearnsNothingThrows(Case task) {
        var decays =
                new OptimizerConfig(1e-2, 1e-2, 1e60, 0.9, 0.999, 1e-8, Double.POSITIVE_INFINITY);
        try (OnlineTrainer trainer = OnlineTrainer.open(task.config().withOptimizer(decays))) {
            assertThatThrownBy(trainer::trial)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "A trial step must learn from a good text and did not: [Rejected[");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void restoredEqualsUninterruptedAndMatesDoNotLeak(Case task) {
        List<Example> examples = task.examples();
        try (OnlineTrainer trainer = OnlineTrainer.open(task.config());
                OnlineTrainer afterCrash = OnlineTrainer.open(task.config())) {
            AdapterState whole = learn(trainer, trainer.create("a"), examples, 4).snapshot();
            LiveAdapter middle = learn(trainer, trainer.create("a"), examples.subList(0, 8), 4);
            LiveAdapter restored = afterCrash.restore(middle.snapshot());
            assertThat(learn(afterCrash, restored, examples.subList(8, 16), 4).snapshot())
                    .isEqualTo(whole);

            AdapterState alone = step(trainer, middle, examples.subList(8, 9)).after().snapshot();
            Batch own = batch(middle, examples.subList(8, 9));
            Batch mate =
                    batch(
                            warmedUp(trainer, "mate", examples.subList(4, 16)),
                            examples.subList(9, 16));
            assertThat(trainer.step(List.of(mate, own)).get(1).after().snapshot()).isEqualTo(alone);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aVersionPredictsWhatTheTrainerPredicts(Case task) {
        List<Example> examples = task.examples();
        try (OnlineTrainer trainer = OnlineTrainer.open(task.config());
                ModelPredictor predictor =
                        ModelPredictor.open(task.config().model(), "cpu", "fp32", 64)) {
            LiveAdapter adapter = learn(trainer, trainer.create("a"), examples, 4);
            AdapterVersion version = trainer.version(adapter);
            List<PrequentialResult> expected = step(trainer, adapter, examples).results();
            try (ServingAdapter serving = predictor.load(version)) {
                for (int i = 0; i < examples.size(); i++) {
                    assertThat(score(predictor, serving, examples.get(i)))
                            .isCloseTo(score(expected.get(i)), within(2e-6));
                    assertThat(expected.get(i).loss()).isFinite();
                    assertThat(expected.get(i).label()).isNotNull();
                }
            }
        }
    }

    private static double score(ModelPredictor predictor, ServingAdapter adapter, Example example) {
        var request =
                List.of(new Request<ServingAdapter>(adapter, example.text(), example.textPair()));
        Prediction prediction = predictor.predict(request).get(0);
        return Double.isNaN(prediction.score())
                ? number(prediction.predicted())
                : prediction.score();
    }

    private static double score(PrequentialResult result) {
        return Double.isNaN(result.score()) ? number(result.predicted()) : result.score();
    }

    /** The first number, of what has no probability. */
    private static double number(String predicted) {
        return Double.parseDouble(predicted.split(" ")[0]);
    }

    /** A language model's predictions are neither right nor wrong. */
    @ParameterizedTest
    @MethodSource("allCases")
    void aVersionSaysHowOftenItWasRightIfThatMeansAnything(Case task) {
        boolean judged = task.config().task().judges();
        try (OnlineTrainer trainer = OnlineTrainer.open(task.config())) {
            BatchOutcome outcome = step(trainer, trainer.create("a"), task.examples());
            assertThat(outcome.results())
                    .filteredOn(result -> result.label() != null)
                    .extracting(PrequentialResult::correct)
                    .allMatch(correct -> judged == (correct != null));
            long right = outcome.results().stream().filter(r -> r.correct() == TRUE).count();
            assertThat(outcome.after().snapshot().statistics().correct()).isEqualTo(right);
            Map<String, Double> metrics = trainer.version(outcome.after()).metrics();
            assertThat(metrics).containsKeys("loss", "recent-loss");
            assertThat(metrics.containsKey("accuracy")).isEqualTo(judged);
            assertThat(metrics.containsKey("recent-accuracy")).isEqualTo(judged);
        }
    }

    /** Texts, contexts and targets without tokens are predicted or rejected, nothing throws. */
    @ParameterizedTest
    @MethodSource("cases")
    void emptyTextsDoNoHarm(Case task) {
        Example first = task.examples().get(0);
        List<Example> empty =
                List.of(
                        Example.unlabelled("a", ""),
                        new Example("a", "", "", null, "", 0, null, -1, -1),
                        new Example("a", "", null, first.label(), null, 0, null, -1, -1));
        try (OnlineTrainer trainer = OnlineTrainer.open(task.config());
                ModelPredictor predictor =
                        ModelPredictor.open(task.config().model(), "cpu", "fp32", 64)) {
            LiveAdapter adapter = learn(trainer, trainer.create("a"), task.examples(), 4);
            BatchOutcome outcome = step(trainer, adapter, empty);
            assertThat(outcome.results().size() + outcome.rejected().size()).isEqualTo(3);
            try (ServingAdapter serving = predictor.load(trainer.version(adapter))) {
                score(predictor, serving, empty.get(0));
                score(predictor, serving, empty.get(1));
            }
        }
    }
}
