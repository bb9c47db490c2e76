package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.testing.TinyModels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of one trainer that are told different things: each goes its own way. */
class AdapterSettingsTest {

    private static final AdapterSettings DEFAULT = AdapterSettings.DEFAULT;

    /** What adapters are told that share steps. */
    private static final List<AdapterSettings> TOLD =
            List.of(
                    DEFAULT,
                    DEFAULT.withRates(5e-2, null),
                    method("{\"peft_type\": \"LORA\", \"r\": 2, \"lora_alpha\": 4}"),
                    method("{\"peft_type\": \"IA3\"}").withRates(null, 0.0),
                    DEFAULT,
                    method("{\"peft_type\": \"PROMPT_TUNING\", \"num_virtual_tokens\": 3}"),
                    method("{\"peft_type\": \"BITFIT\"}"),
                    method("{\"r\": 2, \"lora_alpha\": 4, \"peft_type\": \"LORA\"}"),
                    method("{\"peft_type\": \"FULL\"}"));

    private final List<Example> examples = TinyModels.examples("a");

    private static AdapterSettings method(String json) {
        return DEFAULT.withMethod(json);
    }

    private static TrainerConfig config() {
        return TrainerConfig.of(TinyModels.bert().toString(), TinyModels.loraOnAllLinears(4, 8))
                .withDtype("fp32");
    }

    private List<LiveAdapter> step(
            OnlineTrainer trainer, List<LiveAdapter> adapters, List<AdapterSettings> told, int at) {
        var batches = new ArrayList<Batch>();
        for (int i = 0; i < adapters.size(); i++) {
            var own = examples.subList((at + i) % 40, (at + i) % 40 + 4);
            batches.add(new Batch(adapters.get(i), told.get(i), own, List.of()));
        }
        return trainer.step(batches).stream().map(BatchOutcome::after).toList();
    }

    @Test
    void adaptersOfSeveralMethodsShareStepsAndLearnWhatTheyLearnAlone() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            List<LiveAdapter> together =
                    IntStream.range(0, TOLD.size())
                            .mapToObj(i -> trainer.create("a" + i, TOLD.get(i)))
                            .toList();
            for (int step = 0; step < 3; step++) {
                together = step(trainer, together, TOLD, 5 * step);
            }
            for (int i = 0; i < TOLD.size(); i++) {
                assertThat(together.get(i).snapshot()).isEqualTo(alone("a" + i, TOLD.get(i), i));
            }
        }
    }

    /** What a trainer makes of an adapter whose settings are its own configuration. */
    private AdapterState alone(String id, AdapterSettings told, int index) {
        TrainerConfig config = config();
        if (told.method() != null) {
            config = config.withMethod(PeftConfigJson.read(told.method()).config());
        }
        OptimizerConfig rates =
                config.optimizer().withRates(told.learningRate(), told.headLearningRate());
        try (OnlineTrainer trainer = OnlineTrainer.open(config.withOptimizer(rates))) {
            List<LiveAdapter> adapter = List.of(trainer.create(id));
            for (int step = 0; step < 3; step++) {
                adapter = step(trainer, adapter, List.of(DEFAULT), 5 * step + index);
            }
            return adapter.get(0).snapshot();
        }
    }

    private static TrainingSetup setup(LiveAdapter adapter) {
        return ((DeviceAdapter) adapter).setup();
    }

    @Test
    void equalMethodsShareALayout() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            var one = setup(trainer.create("one", TOLD.get(2)));
            assertThat(setup(trainer.create("other", TOLD.get(7)))).isSameAs(one);
            var configured = PeftConfigJson.write(config().method(), "");
            assertThat(setup(trainer.create("third", method(configured))))
                    .isSameAs(setup(trainer.create("fourth")))
                    .isNotSameAs(one);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"beneath", "adapters"})
    void aMethodFromATopicNamesNoFiles(String key) {
        String json = "{\"peft_type\": \"LORA\", \"" + key + "\": [\"/etc\"]}";
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            assertThatThrownBy(() -> trainer.create("a", method(json)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "adapter_config.json: "
                                    + key
                                    + " ([\"/etc\"]) must not be there: a method from a topic names"
                                    + " no files.");
        }
    }

    @Test
    void theOptimizerCountsFromTheFirstStep() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            var later = DEFAULT.startingAt(1000);
            var old = List.of(trainer.create("a", later));
            var fresh = List.of(trainer.create("a"));
            for (int step = 0; step < 2; step++) {
                old = step(trainer, old, List.of(later), 4 * step);
                fresh = step(trainer, fresh, List.of(DEFAULT), 4 * step);
            }
            assertThat(old.get(0).step()).isEqualTo(1002);
            assertThat(old.get(0).snapshot().row()).isEqualTo(fresh.get(0).snapshot().row());
        }
    }

    @Test
    void aPausedAdapterPredictsLabelsItCannotHaveRoomFor() {
        List<Example> many =
                IntStream.range(0, 20)
                        .mapToObj(i -> Example.labelled("a", "text " + i, "label " + i))
                        .toList();
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            LiveAdapter before = step(trainer, List.of(trainer.create("a")), TOLD, 0).get(0);
            var batch = new Batch(before, DEFAULT.withPaused(true), many, List.of());
            BatchOutcome outcome = trainer.step(List.of(batch)).get(0);
            assertThat(outcome.after()).isSameAs(before);
            assertThat(outcome.results())
                    .hasSize(20)
                    .allSatisfy(result -> assertThat(result.loss()).isFinite())
                    .allSatisfy(result -> assertThat(result.predicted()).doesNotContain("label"));
        }
    }

    @Test
    void restoredEqualsUninterruptedUnderAnotherMethod() {
        var told = List.of(TOLD.get(2));
        try (OnlineTrainer trainer = OnlineTrainer.open(config());
                OnlineTrainer afterCrash = OnlineTrainer.open(config())) {
            var middle = step(trainer, List.of(trainer.create("a", told.get(0))), told, 0);
            AdapterState state = middle.get(0).snapshot();
            AdapterState uninterrupted = step(trainer, middle, told, 4).get(0).snapshot();
            var restored = List.of(afterCrash.restore(state, told.get(0)));
            assertThat(step(afterCrash, restored, told, 4).get(0).snapshot())
                    .isEqualTo(uninterrupted);
            assertThatThrownBy(() -> afterCrash.restore(state))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("was trained with method (");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    nonsense                                    | adapter_config.json: must be JSON
                    {}                                          | peft_type (null) must be one of
                    {"peft_type": "MAGIC"}                      | peft_type (MAGIC) must be one of
                    {"peft_type": "LORA", "r": 0}               | rank
                    {"peft_type": "LORA", "r": 1000000}         | values an adapter, must have at most
                    {"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 61} | virtual tokens, must have at most 60
                    {"peft_type": "PREFIX_TUNING", "num_virtual_tokens": 61} | virtual tokens, must have at most 60
                    {"peft_type": "LORA", "target_modules": ["nowhere"]} | nowhere
                    """)
    void aMethodThatCannotBeUsedIsRefused(String json, String reason) {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            assertThatThrownBy(() -> trainer.create("a", method(json)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(reason);
            trainer.create("a"); // nothing is broken
        }
    }
}
