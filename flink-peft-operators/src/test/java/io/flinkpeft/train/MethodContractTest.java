package io.flinkpeft.train;

import static io.flinkpeft.train.Training.batch;
import static io.flinkpeft.train.Training.learn;
import static io.flinkpeft.train.Training.step;
import static io.flinkpeft.train.Training.warmedUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.HeadOnly;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.bottleneck.Placement;
import io.flinkpeft.method.fusion.FusionConfig;
import io.flinkpeft.method.fusion.FusionOption;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.lora.Initialization;
import io.flinkpeft.method.lora.LoraBias;
import io.flinkpeft.method.lora.LoraForm;
import io.flinkpeft.method.lora.LoraVariant;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PooledToken;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.ptuning.PTuningConfig;
import io.flinkpeft.method.ptuning.PromptEncoder;
import io.flinkpeft.method.selective.BitFitConfig;
import io.flinkpeft.method.selective.FreezeConfig;
import io.flinkpeft.method.selective.FullConfig;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import io.flinkpeft.testing.TrainedAdapters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method promises, one row a method. */
class MethodContractTest {

    private static final String MODEL = TinyModels.bert().toString();
    private static final OptimizerConfig FAST =
            new OptimizerConfig(2e-3, 2e-2, 0.01, 0.9, 0.999, 1e-8, 1.0);

    /** Of a pooler that the head for streams does not read, and of what follows a schedule. */
    private static final Set<String> WITHOUT_GRADIENT = Set.of("pooler.dense.bias", "temperature");

    private final List<Example> examples = TinyModels.examples("a");

    @TempDir private static Path adapters;

    @TempDir private Path directory;

    private static PeftConfig lora(LoraVariant variant, String... targets) {
        return TinyModels.loraOnAllLinears(3, 6)
                .withTargets(TargetModules.named(targets))
                .withVariant(variant);
    }

    /** Methods that start as the base is. */
    static Stream<PeftConfig> methodsThatStartAsNothing() {
        var lora = LoraVariant.DEFAULT;
        return Stream.of(
                new HeadOnly(),
                TinyModels.loraOnAllLinears(3, 6),
                TinyModels.loraOnAllLinears(4, 2).withRsLora().withDropout(0.2),
                TinyModels.loraOnAllLinears(3, 6).withInitialization(Initialization.PISSA),
                lora(lora.withForm(LoraForm.DORA), "query", "dense"),
                lora(lora.withForm(LoraForm.OPTIMIZER), "query", "value"),
                lora(lora.withRateRatio(16).withBiasOfB(), "query", "word_embeddings"),
                lora(lora.withBias(LoraBias.LORA_ONLY), "query", "value"),
                lora(lora.withBias(LoraBias.ALL), "query", "value"),
                TinyModels.loraOnAllLinears(3, 6).saving(Set.of("intermediate", "LayerNorm")),
                Ia3Config.DEFAULT,
                Ia3Config.DEFAULT.saving(Set.of("pooler", "intermediate")),
                AdaLoraConfig.of(new BudgetSchedule(8, 1, 2, 1, 9)).withRanks(4, 2, 8),
                new BitFitConfig(),
                new FreezeConfig(1),
                new FullConfig());
    }

    private static FrozenAdapter frozen(String name, int invertible) {
        var config = BottleneckConfig.of(Placement.PFEIFFER).withName(name);
        return TrainedAdapters.frozen(
                adapters, TinyModels.bert(), config.withReduction(4).withInvertible(invertible));
    }

    static Stream<PeftConfig> methods() {
        var others =
                Stream.of(
                        new PromptTuningConfig(3),
                        new PromptTuningConfig(5).fromVocabulary(),
                        new PromptTuningConfig(5)
                                .fromText("rain or sun")
                                .withPooled(PooledToken.FIRST_REAL),
                        new PTuningConfig(3).withEncoder(PromptEncoder.MLP, 12),
                        new PTuningConfig(3).withEncoder(PromptEncoder.LSTM, 8).withDropout(0.3),
                        new PrefixTuningConfig(3),
                        new PrefixTuningConfig(3).withProjection(12),
                        BottleneckConfig.of(Placement.HOULSBY),
                        BottleneckConfig.of(Placement.PFEIFFER),
                        BottleneckConfig.of(Placement.PARALLEL),
                        BottleneckConfig.of(Placement.PFEIFFER).withInvertible(2),
                        BottleneckConfig.of(Placement.PFEIFFER)
                                .withReduction(4) // of fewer units all are dead here
                                .on(frozen("lang", 2)),
                        FusionConfig.of(List.of(frozen("a", 0), frozen("b", 0)))
                                .withOptions(EnumSet.allOf(FusionOption.class))
                                .withDropout(0.2));
        return Stream.concat(methodsThatStartAsNothing(), others);
    }

    /** Each method with one of the heads, in turn. */
    static Stream<TrainerConfig> trainers() {
        return trainers(new StreamTask(), new CheckpointTask());
    }

    /** Each method with the other head. */
    static Stream<TrainerConfig> otherTrainers() {
        return trainers(new CheckpointTask(), new StreamTask());
    }

    private static Stream<TrainerConfig> trainers(Task even, Task odd) {
        List<PeftConfig> all = methods().toList();
        return IntStream.range(0, all.size())
                .mapToObj(i -> config(all.get(i), i % 2 == 0 ? even : odd));
    }

    private static TrainerConfig config(PeftConfig method, Task head) {
        TaskType task =
                head.equals(new CheckpointTask()) ? TaskType.SEQ_CLS : TaskType.FEATURE_EXTRACTION;
        return TrainerConfig.of(MODEL, method.withTaskType(task))
                .withTask(head)
                .withDtype("fp32") // measured, a busy machine may find bf16 faster
                .withOptimizer(FAST);
    }

    @ParameterizedTest
    @MethodSource("methodsThatStartAsNothing")
    void aFreshAdapterChangesNothing(PeftConfig method) {
        try (OnlineTrainer trainer = OnlineTrainer.open(config(method, new CheckpointTask()));
                ModelPredictor predictor = ModelPredictor.open(MODEL, "cpu", "fp32", 128);
                ServingAdapter fresh = predictor.load(trainer.version(trainer.create("a")))) {
            for (int i = 0; i < examples.size(); i++) {
                double base = score(predictor, null, i);
                assertThat(score(predictor, fresh, i)).isCloseTo(base, within(1e-5));
            }
        }
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("otherTrainers")
    void restoredEqualsUninterruptedWithTheOtherHead(TrainerConfig config) {
        restoredEqualsUninterrupted(config);
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void restoredEqualsUninterrupted(TrainerConfig config) {
        try (OnlineTrainer trainer = OnlineTrainer.open(config);
                OnlineTrainer afterCrash = OnlineTrainer.open(config)) {
            AdapterState start = trainer.create("a").snapshot();
            assertThat(afterCrash.create("a").snapshot()).isEqualTo(start);
            LiveAdapter cut = // statistics at the newest version are state, too
                    learn(trainer, trainer.create("a"), examples.subList(0, 8), 8).published();
            AdapterState uninterrupted = learn(trainer, cut, examples.subList(8, 48), 8).snapshot();
            AdapterState middle = learn(trainer, cut, examples.subList(8, 24), 8).snapshot();
            assertThat(middle.publishedStatistics()).isNotEqualTo(middle.statistics());
            LiveAdapter restored = afterCrash.restore(middle);
            assertThat(learn(afterCrash, restored, examples.subList(24, 48), 8).snapshot())
                    .isEqualTo(uninterrupted);
            assertThat(uninterrupted.row()).isNotEqualTo(start.row());
        }
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("otherTrainers")
    void batchMatesDoNotLeakWithTheOtherHead(TrainerConfig config) {
        batchMatesDoNotLeak(config);
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void batchMatesDoNotLeak(TrainerConfig config) {
        try (OnlineTrainer trainer = OnlineTrainer.open(config)) {
            Batch own =
                    batch(warmedUp(trainer, "a", examples.subList(0, 12)), examples.subList(0, 3));
            Batch mate =
                    batch(
                            warmedUp(trainer, "mate", examples.subList(12, 24)),
                            examples.subList(4, 13));
            LiveAdapter alone = trainer.step(List.of(own)).get(0).after();
            assertThat(WITHOUT_GRADIENT)
                    .as("tensors in which no leak would show")
                    .containsAll(withoutGradient(alone));
            assertThat(trainer.step(List.of(mate, own)).get(1).after().snapshot())
                    .isEqualTo(alone.snapshot());
        }
    }

    /** The tensors whose gradients were zero in every step, by the first moment. */
    private static List<String> withoutGradient(LiveAdapter adapter) {
        float[] moment = adapter.snapshot().firstMoment();
        return ((DeviceAdapter) adapter)
                .rowLayout().tensors().slots().stream()
                        .filter(slot -> zero(moment, slot.offset(), slot.size()))
                        .map(slot -> slot.name())
                        .toList();
    }

    private static boolean zero(float[] values, int offset, int size) {
        return IntStream.range(offset, offset + size).allMatch(i -> values[i] == 0);
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("otherTrainers")
    void aVersionAndAnExportPredictWhatTheTrainerPredictsWithTheOtherHead(TrainerConfig config)
            throws IOException {
        aVersionAndAnExportPredictWhatTheTrainerPredicts(config);
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void aVersionAndAnExportPredictWhatTheTrainerPredicts(TrainerConfig config) throws IOException {
        try (OnlineTrainer trainer = OnlineTrainer.open(config);
                ModelPredictor predictor = ModelPredictor.open(MODEL, "cpu", "fp32", 128)) {
            LiveAdapter adapter = learn(trainer, trainer.create("a"), examples, 8);
            trainer.export(adapter, directory);
            List<Example> plain =
                    examples.stream().map(e -> Example.unlabelled("a", e.text())).toList();
            BatchOutcome expected = step(trainer, adapter, plain);
            try (ServingAdapter version = predictor.load(trainer.version(adapter));
                    ServingAdapter export = predictor.load("a", directory)) {
                for (int i = 0; i < examples.size(); i++) {
                    double score = expected.results().get(i).score();
                    assertThat(score(predictor, version, i)).isCloseTo(score, within(2e-6));
                    assertThat(score(predictor, export, i)).isCloseTo(score, within(2e-6));
                }
            }
        }
    }

    private double score(ModelPredictor predictor, ServingAdapter adapter, int example) {
        var request = new Request<ServingAdapter>(adapter, examples.get(example).text(), null);
        return Predicted.labels(predictor, List.of(request)).get(0).score();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aValueThatIsNoNumberIsRefused(PeftConfig method) {
        try (OnlineTrainer trainer = OnlineTrainer.open(config(method, new StreamTask()))) {
            AdapterState state = trainer.create("a").snapshot();
            Arrays.fill(state.row(), Float.NaN);
            LiveAdapter broken = trainer.restore(state);
            BatchOutcome outcome = step(trainer, broken, examples.subList(0, 2));
            assertThat(outcome.after()).isSameAs(broken);
            assertThat(outcome.rejected()).hasSize(2);
        }
    }
}
