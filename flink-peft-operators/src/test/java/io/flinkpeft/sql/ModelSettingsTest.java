package io.flinkpeft.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.predict.Fallback;
import io.flinkpeft.predict.ServingConfig;
import io.flinkpeft.predict.VersionsConfig;
import io.flinkpeft.task.SpecialTokens;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class ModelSettingsTest {

    private static final Map<String, String> LEAST =
            Map.of("model", "m", "versions", "memory", "versions.topic", "t");

    @Test
    void theDefaults() {
        var versions = new VersionsConfig("memory", Map.of("topic", "t"));
        long gibibyte = 1024L * 1024 * 1024;
        assertThat(settings(LEAST))
                .isEqualTo(
                        new ModelSettings(
                                new ServingConfig(
                                        "m",
                                        "auto",
                                        "auto",
                                        2048,
                                        "classify",
                                        64,
                                        gibibyte,
                                        versions),
                                Duration.ofMinutes(1),
                                null,
                                Fallback.ERROR,
                                32,
                                Duration.ofMillis(5)));
    }

    @Test
    void everyOptionSetOtherwise() {
        var all = new HashMap<>(LEAST);
        all.put("versions.properties.a", "b");
        all.put("device", "cpu");
        all.put("dtype", "bf16");
        all.put("max-tokens", "64");
        all.put("text.special-tokens", "plain");
        all.put("task", "generate");
        all.put("max-new-tokens", "9");
        all.put("adapters.memory", "7 b");
        all.put("bootstrap.timeout", "9 s");
        all.put("adapter", "u1");
        all.put("fallback", "null");
        all.put("batch.size", "3");
        all.put("batch.delay", "4 ms");
        assertThat(all.keySet())
                .containsAll(FlinkPeftOptions.required().stream().map(ConfigOption::key).toList())
                .containsAll(FlinkPeftOptions.optional().stream().map(ConfigOption::key).toList());

        var versions = new VersionsConfig("memory", Map.of("topic", "t", "properties.a", "b"));
        assertThat(settings(all))
                .isEqualTo(
                        new ModelSettings(
                                new ServingConfig(
                                        "m",
                                        "cpu",
                                        "bf16",
                                        64,
                                        SpecialTokens.PLAIN,
                                        "generate",
                                        9,
                                        7,
                                        versions),
                                Duration.ofSeconds(9),
                                "u1",
                                Fallback.NULL,
                                3,
                                Duration.ofMillis(4)));
    }

    @Test
    void durationsAreWithinWhatAClockCounts() {
        for (String key : List.of("batch.delay", "bootstrap.timeout")) {
            var all = new HashMap<>(LEAST);
            all.put(key, "PT2562047788015215H");
            assertThatThrownBy(() -> settings(all))
                    .hasMessage(key + " (PT2562047788015215H) must be at most 36525 d.");
        }
    }

    @Test
    void aQuerySetsItsOwn() {
        var query =
                Map.of(
                        "adapter",
                        "u2",
                        "fallback",
                        "base",
                        "batch.size",
                        "1",
                        "batch.delay",
                        "0 s");
        var settings = settings(LEAST).with(Configuration.fromMap(query));

        assertThat(settings.serving()).isEqualTo(settings(LEAST).serving());
        assertThat(settings.adapter()).isEqualTo("u2");
        assertThat(settings.fallback()).isEqualTo(Fallback.BASE);
        assertThat(settings.batchSize()).isEqualTo(1);
        assertThat(settings.batchDelay()).isZero();
    }

    @Test
    void theAdapterNamesASingleDirectory() {
        var all =
                Map.of(
                        "model",
                        "m",
                        "versions",
                        "directory",
                        "versions.path",
                        "/p",
                        "adapter",
                        "u1");
        assertThat(settings(all).serving().versions().options())
                .containsExactlyInAnyOrderEntriesOf(Map.of("path", "/p", "adapter", "u1"));
    }

    @Test
    void settingsTravelToTheTaskAndHideTheirSecrets() throws Exception {
        var all = new HashMap<>(LEAST);
        all.put("versions.properties.sasl.jaas.config", "hunter2");
        var settings = settings(all);

        assertThat(InstantiationUtil.clone(settings)).isEqualTo(settings);
        assertThat(settings.toString()).doesNotContain("hunter2");
    }

    private static ModelSettings settings(Map<String, String> all) {
        return ModelSettings.of(
                Configuration.fromMap(all), all, ModelSettingsTest.class.getClassLoader());
    }

    @Test
    void optionsThatDoNothingAreSaid() {
        var none =
                Map.of(
                        "versions", "none",
                        "adapter", "u1",
                        "adapters.memory", "7 b",
                        "bootstrap.timeout", "9 s",
                        "max-new-tokens", "9");
        assertThat(FlinkPeftOptions.unusedOfModel(Configuration.fromMap(none)).lines())
                .containsExactly(
                        "adapter (u1) does nothing while versions is none.",
                        "adapters.memory (7 bytes) does nothing while versions is none.",
                        "bootstrap.timeout (9 s) does nothing while versions is none.",
                        "max-new-tokens (9) does nothing while task is classify.");
        var used = new HashMap<>(none);
        used.put("versions", "kafka");
        assertThat(FlinkPeftOptions.unused(Configuration.fromMap(used)).lines()).isEmpty();
        used.put("task", "generate");
        assertThat(FlinkPeftOptions.unusedOfModel(Configuration.fromMap(used)).lines()).isEmpty();
        used.put("versions", "directory");
        assertThat(FlinkPeftOptions.unused(Configuration.fromMap(used)).lines())
                .containsExactly(
                        "bootstrap.timeout (9 s) does nothing while versions is directory.");
    }
}
