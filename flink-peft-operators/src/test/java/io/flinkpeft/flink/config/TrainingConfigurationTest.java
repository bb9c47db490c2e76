package io.flinkpeft.flink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.adalora.Importance;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.lora.Initialization;
import io.flinkpeft.method.lora.LoraBias;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.lora.LoraForm;
import io.flinkpeft.method.lora.LoraVariant;
import io.flinkpeft.method.targets.ModuleNames;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.task.ClozeJson;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.SpecialTokens;
import io.flinkpeft.task.TargetEnd;
import io.flinkpeft.train.MethodRule;
import io.flinkpeft.train.NumericsRule;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.TrainerConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class TrainingConfigurationTest {

    private static final String CLOZE =
            "{\"template\": \"{text} [MASK]\", \"verbalizer\": {\"a\": [\"b\"], \"c\": [\"d\"]}}";

    private static Configuration configuration(String... keysAndValues) {
        var map = new LinkedHashMap<String, String>();
        map.put("model", "minilm");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return Configuration.fromMap(map);
    }

    @Test
    void withoutOptionsAllIsDefault() {
        assertThat(TrainingConfiguration.settings(configuration()))
                .isEqualTo(TrainingSettings.of("minilm", LoraConfig.DEFAULT));
    }

    private static final Map<String, String> ALL =
            Map.ofEntries(
                    Map.entry("model", "other"),
                    Map.entry("peft.method", "LoRA"),
                    Map.entry("peft.lora.rank", "4"),
                    Map.entry("peft.lora.alpha", "16"),
                    Map.entry("peft.lora.dropout", "0.1"),
                    Map.entry("peft.lora.target-modules", "query;value"),
                    Map.entry("peft.lora.use-rslora", "true"),
                    Map.entry("peft.lora.variant", "DORA"),
                    Map.entry("peft.lora.loraplus-lr-ratio", "16"),
                    Map.entry("peft.lora.bias", "LORA_ONLY"),
                    // true does not go with the form above
                    Map.entry("peft.lora.lora-bias", "false"),
                    Map.entry("peft.lora.init-lora-weights", "GAUSSIAN"),
                    Map.entry("peft.ia3.target-modules", "key;dense"),
                    Map.entry("peft.ia3.feedforward-modules", "dense"),
                    Map.entry("peft.adalora.initial-rank", "6"),
                    Map.entry("peft.adalora.target-rank", "3"),
                    Map.entry("peft.adalora.alpha", "5"),
                    Map.entry("peft.adalora.dropout", "0.2"),
                    Map.entry("peft.adalora.target-modules", "all-linear"),
                    Map.entry("peft.adalora.total-step", "500"),
                    Map.entry("peft.adalora.tinit", "50"),
                    Map.entry("peft.adalora.tfinal", "60"),
                    Map.entry("peft.adalora.delta-t", "7"),
                    Map.entry("peft.adalora.reopen", "900"),
                    Map.entry("peft.adalora.beta1", "0.7"),
                    Map.entry("peft.adalora.beta2", "0.6"),
                    Map.entry("peft.adalora.orth-reg-weight", "0.1"),
                    Map.entry("head.kind", "CLOZE"),
                    Map.entry("head.labels", "noun;verb"),
                    Map.entry("head.max-labels", "12"),
                    Map.entry("head.learning-rate", "0.5"),
                    Map.entry("train.learning-rate", "0.25"),
                    Map.entry("train.weight-decay", "0.125"),
                    Map.entry("train.beta1", "0.7"),
                    Map.entry("train.beta2", "0.8"),
                    Map.entry("train.epsilon", "1e-6"),
                    Map.entry("train.clip-norm", "Infinity"),
                    Map.entry("train.batch-size", "7"),
                    Map.entry("train.batch-interval", "3 s"),
                    Map.entry("train.adapters-per-step", "5"),
                    Map.entry("train.examples-per-step", "70"),
                    Map.entry("train.max-buffered", "700"),
                    Map.entry("train.max-buffered-bytes", "7 mb"),
                    Map.entry("train.max-tokens", "64"),
                    Map.entry("train.seed", "42"),
                    Map.entry("train.device", "cpu"),
                    Map.entry("train.dtype", "fp32"),
                    Map.entry("train.numerics", "allow-change"),
                    Map.entry("train.target-end", "as-written"),
                    Map.entry("text.special-tokens", "plain"),
                    Map.entry("train.order", "event-time"),
                    Map.entry("train.out-of-orderness", "1 s"),
                    Map.entry("train.label-wait", "2 s"),
                    Map.entry("train.id-horizon", "4 s"),
                    Map.entry("replay.size", "100"),
                    Map.entry("replay.per-batch", "4"),
                    Map.entry("cache.adapters", "9"),
                    Map.entry("cache.bytes", "64 mb"),
                    Map.entry("cache.unwritten-bytes", "8 mb"),
                    Map.entry("adapters.ttl", "2 d"),
                    Map.entry("publish.every-steps", "3"),
                    Map.entry("publish.min-examples", "30"),
                    Map.entry("controls.methods", "false"),
                    Map.entry("controls.max-values", "12345"),
                    Map.entry("head.cloze", CLOZE));

    @Test
    void everyOptionReachesItsSetting() throws Exception {
        var settings = TrainingConfiguration.settings(Configuration.fromMap(ALL));
        var lora =
                new LoraConfig(4, 16)
                        .withDropout(0.1)
                        .withTargets(TargetModules.named("query", "value"))
                        .withRsLora()
                        .withVariant(
                                LoraVariant.DEFAULT
                                        .withForm(LoraForm.DORA)
                                        .withRateRatio(16)
                                        .withBias(LoraBias.LORA_ONLY))
                        .withInitialization(Initialization.GAUSSIAN);
        var optimizer =
                new OptimizerConfig(0.25, 0.5, 0.125, 0.7, 0.8, 1e-6, Double.POSITIVE_INFINITY);
        var trainer =
                new TrainerConfig(
                        "other",
                        lora,
                        new ClozeTask(ClozeJson.of(CLOZE)),
                        List.of("noun", "verb"),
                        12,
                        64,
                        optimizer,
                        "cpu",
                        "fp32",
                        42,
                        NumericsRule.ALLOW_CHANGE,
                        TargetEnd.AS_WRITTEN,
                        SpecialTokens.PLAIN);
        assertThat(settings)
                .isEqualTo(
                        new TrainingSettings(
                                trainer,
                                new Batching(7, Duration.ofSeconds(3), 5, 70, 700, 7L << 20),
                                new EverySteps(3, 30),
                                new Replay(100, 4),
                                new DeviceCache(9, 64L << 20, 8L << 20),
                                new EventOrder(
                                        EventOrder.Kind.EVENT_TIME,
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(4)),
                                Duration.ofDays(2),
                                new MethodRule(false, 12_345)));
    }

    private static PeftConfig method(String name) {
        var all = new LinkedHashMap<>(ALL);
        all.put("peft.method", name);
        return TrainingConfiguration.settings(Configuration.fromMap(all)).trainer().method();
    }

    @Test
    void everyOptionOfAnotherMethodReachesItsSetting() {
        assertThat(method("ia3"))
                .isEqualTo(
                        Ia3Config.DEFAULT.withTargets(
                                TargetModules.named("key", "dense"),
                                new ModuleNames.Listed(List.of("dense"))));
        assertThat(method("adalora"))
                .isEqualTo(
                        new AdaLoraConfig(
                                6,
                                3,
                                5,
                                0.2,
                                TargetModules.ALL_LINEAR,
                                new BudgetSchedule(500, 50, 60, 7, 900),
                                new Importance(0.7, 0.6, 0.1),
                                Map.of(),
                                List.of(),
                                TaskType.UNSPECIFIED));
    }

    @Test
    void withoutOptionsAnotherMethodHasItsDefaults() {
        assertThat(settings("ia3")).isEqualTo(Ia3Config.DEFAULT);
        assertThat(settings("adalora")).isEqualTo(AdaLoraConfig.STREAM);
    }

    private static PeftConfig settings(String method) {
        return TrainingConfiguration.settings(configuration("peft.method", method))
                .trainer()
                .method();
    }

    @Test
    void noOptionIsForgottenHere() {
        for (ConfigOption<?> option : TrainingConfiguration.options()) {
            assertThat(option.description()).isNotNull();
            if (MethodsTest.ALL.containsKey(option.key())) {
                continue;
            }
            assertThat(ALL).containsKey(option.key());
            // the bias does not go with another form, and has a test of its own
            if (option.hasDefaultValue() && !option.key().equals("peft.lora.lora-bias")) {
                assertThat(Configuration.fromMap(ALL).get(option))
                        .isNotEqualTo(
                                option.key().equals("peft.method") ? "" : option.defaultValue());
            }
        }
        assertThat(TrainingConfiguration.options()).hasSize(ALL.size() + MethodsTest.ALL.size());
    }

    @Test
    void allLinearLayersHaveAName() {
        var settings =
                TrainingConfiguration.settings(
                        configuration("peft.lora.target-modules", "all-linear"));
        assertThat(((LoraConfig) settings.trainer().method()).targets())
                .isEqualTo(TargetModules.ALL_LINEAR);
    }

    @Test
    void aMissingModelIsRefused() {
        assertThatThrownBy(() -> TrainingConfiguration.settings(new Configuration()))
                .hasMessageStartingWith("model (absent) must be a Hugging Face directory");
    }

    @Test
    void anUnknownMethodIsRefused() {
        var configuration = configuration("peft.method", "magic");
        assertThatThrownBy(() -> TrainingConfiguration.settings(configuration))
                .hasMessage(
                        "peft.method (magic) must be one of [adalora, bitfit, bottleneck,"
                                + " freeze, full, fusion, ia3, lora, p-tuning, prefix-tuning,"
                                + " prompt-tuning].");
    }

    @Test
    void anUnknownKeyOfOursIsRefused() {
        var configuration = configuration("publish.every", "3");
        assertThatThrownBy(() -> TrainingConfiguration.settings(configuration))
                .hasMessage(
                        "publish.every must be an option. Maybe one of publish.every-steps,"
                                + " publish.min-examples.");
    }

    @Test
    void keysOfOthersAreLeftAlone() {
        var configuration = configuration("taskmanager.numberOfTaskSlots", "2");
        assertThat(TrainingConfiguration.settings(configuration).trainer().model())
                .isEqualTo("minilm");
    }

    @Test
    void theBiasOfBAndPissaCanBeChosen() {
        var configuration = new Configuration();
        configuration.setString("model", "minilm");
        configuration.setString("peft.lora.lora-bias", "true");
        var lora = (LoraConfig) TrainingConfiguration.settings(configuration).trainer().method();
        assertThat(lora.variant()).isEqualTo(LoraVariant.DEFAULT.withBiasOfB());
        configuration.setString("peft.lora.init-lora-weights", "pissa");
        assertThatThrownBy(() -> TrainingConfiguration.settings(configuration))
                .hasMessageContaining("PISSA");
        configuration.setString("peft.lora.lora-bias", "false");
        lora = (LoraConfig) TrainingConfiguration.settings(configuration).trainer().method();
        assertThat(lora.initialization()).isEqualTo(Initialization.PISSA);
    }

    @Test
    void aValueBelowItsLimitIsRefusedWithItsKey() {
        for (String key :
                Arrays.asList("train.batch-size", "train.max-buffered", "cache.adapters")) {
            var configuration = configuration(key, "0");
            assertThatThrownBy(() -> TrainingConfiguration.settings(configuration))
                    .hasMessage(key + " (0) must be at least 1.");
        }
    }
}
