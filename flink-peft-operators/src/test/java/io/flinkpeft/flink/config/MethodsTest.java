package io.flinkpeft.flink.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.NonLinearity;
import io.flinkpeft.method.bottleneck.Placement;
import io.flinkpeft.method.fusion.FusionConfig;
import io.flinkpeft.method.fusion.FusionOption;
import io.flinkpeft.method.prefix.PrefixScope;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PooledToken;
import io.flinkpeft.method.prompt.PromptInitialization;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.prompt.VirtualTokens;
import io.flinkpeft.method.ptuning.PTuningConfig;
import io.flinkpeft.method.ptuning.PromptEncoder;
import io.flinkpeft.method.selective.BitFitConfig;
import io.flinkpeft.method.selective.FreezeConfig;
import io.flinkpeft.method.selective.FullConfig;
import io.flinkpeft.safetensors.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MethodsTest {

    @TempDir private Path adapters;

    static final Map<String, String> ALL =
            Map.ofEntries(
                    Map.entry("peft.bitfit.modules", "query;value"),
                    Map.entry("peft.freeze.layers", "-1"),
                    Map.entry("peft.freeze.modules", "attention"),
                    Map.entry("peft.freeze.extra-modules", "embeddings"),
                    Map.entry("peft.prompt.num-virtual-tokens", "7"),
                    Map.entry("peft.prompt.init", "TEXT"),
                    Map.entry("peft.prompt.init-text", "a topic"),
                    Map.entry("peft.prompt.pooled", "FIRST_REAL"),
                    Map.entry("peft.prefix.num-virtual-tokens", "8"),
                    Map.entry("peft.prefix.projection", "true"),
                    Map.entry("peft.prefix.encoder-hidden-size", "64"),
                    Map.entry("peft.prefix.zero", "true"),
                    Map.entry("peft.prefix.scope", "EVERY_ATTENTION"),
                    Map.entry("peft.p-tuning.num-virtual-tokens", "9"),
                    Map.entry("peft.p-tuning.encoder-reparameterization-type", "LSTM"),
                    Map.entry("peft.p-tuning.encoder-hidden-size", "32"),
                    Map.entry("peft.p-tuning.encoder-num-layers", "3"),
                    Map.entry("peft.p-tuning.encoder-dropout", "0.1"),
                    Map.entry("peft.bottleneck.placement", "HOULSBY"),
                    Map.entry("peft.bottleneck.reduction", "8"),
                    Map.entry("peft.bottleneck.non-linearity", "TANH"),
                    Map.entry("peft.bottleneck.scaling", "0.5"),
                    Map.entry("peft.bottleneck.name", "task"),
                    Map.entry("peft.bottleneck.invertible-reduction", "4"),
                    Map.entry("peft.bottleneck.leave-out", "1;3"),
                    Map.entry("peft.bottleneck.beneath", "language"),
                    Map.entry("peft.fusion.adapters", "a;b"),
                    Map.entry("peft.fusion.options", "KEY;QUERY"),
                    Map.entry("peft.fusion.dropout", "0.1"));

    private static PeftConfig method(String name, Map<String, String> options) {
        var all = new HashMap<>(options);
        all.put("model", "minilm");
        all.put("peft.method", name);
        return TrainingConfiguration.settings(Configuration.fromMap(all)).trainer().method();
    }

    @Test
    void withoutOptionsAMethodHasItsDefaults() {
        assertThat(method("bitfit", Map.of())).isEqualTo(new BitFitConfig());
        assertThat(method("freeze", Map.of())).isEqualTo(new FreezeConfig(2));
        assertThat(method("full", Map.of())).isEqualTo(new FullConfig());
        assertThat(method("prompt-tuning", Map.of())).isEqualTo(new PromptTuningConfig(20));
        assertThat(method("p-tuning", Map.of())).isEqualTo(new PTuningConfig(20));
        assertThat(method("bottleneck", Map.of()))
                .isEqualTo(BottleneckConfig.of(Placement.PFEIFFER));
        assertThat(method("Prefix-Tuning", Map.of())).isEqualTo(new PrefixTuningConfig(20));
    }

    @Test
    void everyOptionReachesItsMethod() {
        assertThat(method("bitfit", ALL))
                .isEqualTo(new BitFitConfig(List.of("query", "value"), TaskType.UNSPECIFIED));
        assertThat(method("freeze", ALL))
                .isEqualTo(
                        new FreezeConfig(
                                -1,
                                List.of("attention"),
                                List.of("embeddings"),
                                TaskType.UNSPECIFIED));
        assertThat(method("prompt-tuning", ALL))
                .isEqualTo(
                        new PromptTuningConfig(
                                VirtualTokens.of(7),
                                PromptInitialization.TEXT,
                                "a topic",
                                "",
                                PooledToken.FIRST_REAL,
                                TaskType.UNSPECIFIED));
        assertThat(method("p-tuning", ALL))
                .isEqualTo(
                        new PTuningConfig(
                                VirtualTokens.of(9),
                                PromptEncoder.LSTM,
                                32,
                                3,
                                0.1,
                                PooledToken.FIRST_REAL,
                                TaskType.UNSPECIFIED));
        assertThat(method("bottleneck", without("peft.bottleneck.beneath")))
                .isEqualTo(
                        BottleneckConfig.of(Placement.HOULSBY)
                                .withReduction(8)
                                .withNonLinearity(NonLinearity.TANH)
                                .withScaling(0.5)
                                .withName("task")
                                .withInvertible(4)
                                .withLeaveOut(List.of(1, 3)));
        assertThat(method("prefix-tuning", ALL))
                .isEqualTo(
                        new PrefixTuningConfig(8)
                                .withProjection(64)
                                .fromZero()
                                .withScope(PrefixScope.EVERY_ATTENTION));
    }

    private static Map<String, String> without(String key) {
        var others = new HashMap<>(ALL);
        others.remove(key);
        return others;
    }

    @Test
    void frozenAdaptersAreReadFromTheirDirectories() throws Exception {
        Path language = adapter("language", "nice");
        var task =
                (BottleneckConfig)
                        method(
                                "bottleneck",
                                Map.of("peft.bottleneck.beneath", language.toString()));
        assertThat(task.beneath()).hasSize(1);
        assertThat(task.beneath().get(0).config().invertibleReduction()).isEqualTo(2);
        var options = without("peft.fusion.adapters");
        options.put("peft.fusion.adapters", adapter("a", null) + ";" + adapter("b", null));
        var fusion = (FusionConfig) method("fusion", options);
        assertThat(fusion.name()).isEqualTo("a,b");
        assertThat(fusion.options()).containsOnly(FusionOption.KEY, FusionOption.QUERY);
        assertThat(fusion.dropout()).isEqualTo(0.1);
    }

    /** The keys that are read, whatever for. */
    private static final class Reads extends Configuration {

        private final Set<String> keys = new TreeSet<>();

        Reads(Map<String, String> options) {
            addAll(Configuration.fromMap(options));
        }

        @Override
        public <T> Optional<T> getOptional(ConfigOption<T> option) {
            keys.add(option.key());
            return super.getOptional(option);
        }

        @Override
        public <T> T get(ConfigOption<T> option) {
            keys.add(option.key());
            return super.get(option);
        }
    }

    static Set<String> names() {
        return Methods.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatAMethodReadsIsItsOwn(String name) throws Exception {
        String two = adapter("a", null) + ";" + adapter("b", null);
        var options = new Reads(Map.of("peft.method", name, "peft.fusion.adapters", two));
        Methods.method(options);
        var read = new TreeSet<>(options.keys);
        for (ConfigOption<?> option : TrainingConfiguration.options()) {
            boolean own = option.key().startsWith("peft.") && !Methods.ofAnother(options, option);
            assertThat(own).as(option.key()).isEqualTo(read.contains(option.key()));
        }
    }

    private Path adapter(String name, String invertible) throws Exception {
        Path directory = Files.createDirectories(adapters.resolve(name));
        String kind = invertible == null ? "null" : '"' + invertible + '"';
        Files.writeString(
                directory.resolve("adapter_config.json"),
                """
                {"name": "%s", "model_type": "bert", "version": "adapters.1.2.0", "config": {
                 "mh_adapter": false, "output_adapter": true, "original_ln_before": true,
                 "non_linearity": "relu", "reduction_factor": 16.0, "inv_adapter": %s}}
                """
                        .formatted(name, kind));
        SafetensorsWriter.write(
                directory.resolve("adapter.safetensors"), List.of(), Map.of("format", "pt"));
        return directory;
    }

    @Test
    void everyOptionHereIsSetToSomethingElse() {
        for (ConfigOption<?> option : TrainingConfiguration.options()) {
            if (ALL.containsKey(option.key())) {
                assertThat(Configuration.fromMap(ALL).get(option))
                        .isNotEqualTo(option.defaultValue());
            }
        }
    }
}
