package io.flinkpeft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.task.Request;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import io.flinkpeft.train.TrainerConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions that somebody with access to the topic could write, beside a good adapter. */
@Timeout(600)
class HostileVersionsTest {

    private static final String MODEL = "src/test/resources/golden/tiny-bert-cls";
    private static final ServingConfig CONFIG =
            new ServingConfig(
                    MODEL,
                    "cpu",
                    "fp32",
                    64,
                    "classify",
                    64,
                    1 << 20,
                    new VersionsConfig("none", Map.of()));

    private static Predictor engine;
    private static AdapterVersion good;
    private static AdapterVersion other;

    private final List<String> asked = new ArrayList<>();
    private final ServingAdapters adapters =
            new ServingAdapters(engine, 1 << 20, (all, id, step) -> asked.add(id + "@" + step));

    @BeforeAll
    static void open() {
        engine = TriedPredictor.open(CONFIG);
        other = train("other");
        good = train("victim");
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    record Hostile(String name, UnaryOperator<Map<String, String>> metadata) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Hostile> metadata() {
        var cases = new ArrayList<Hostile>();
        for (String labels :
                List.of(
                        "null",
                        "[null,\"y\"]",
                        "[]",
                        "{}",
                        "[[\"x\"]]",
                        "[\"x\",\"x\"]",
                        "",
                        "\"")) {
            cases.add(set("labels", labels));
        }
        cases.add(set("labels", "[" + "\"\",".repeat(2_000_000) + "\"\"]"));
        for (String head :
                List.of(
                        "",
                        "NONE",
                        "TOKEN_CLASSIFICATION",
                        "QUESTION_ANSWERING",
                        "CLOZE",
                        "CAUSAL_LM",
                        "stream")) {
            cases.add(set("head", head));
        }
        for (String cloze :
                List.of(
                        "{\"template\":\"{text} [MASK]\",\"verbalizer\":{\"a\":null,\"b\":[null]}}",
                        "{\"template\":null,\"verbalizer\":null}",
                        "{\"template\":\"{text} [MASK]\",\"verbalizer\":{\"a\":[\"\"]}}",
                        "[]",
                        "null",
                        "[".repeat(100_000))) {
            cases.add(
                    new Hostile(
                            "cloze " + cloze.substring(0, Math.min(60, cloze.length())),
                            all -> with(with(all, "head", "CLOZE"), "cloze", cloze)));
        }
        for (String r : List.of("-1", "0", "300000", "1000000000", "2147483647", "1e300", "null")) {
            cases.add(replaced("\"r\": 2", "\"r\": " + r));
        }
        for (String alpha : List.of("1e39", "1e300", "1e308", "\"x\"")) {
            cases.add(replaced("\"lora_alpha\": 4", "\"lora_alpha\": " + alpha));
        }
        for (String targets :
                List.of(
                        "\"(\"",
                        "\"x*\"",
                        "[null]",
                        "\"" + "x*".repeat(8000) + "\"",
                        "\"" + "^".repeat(16000) + "\"",
                        "\"" + "(".repeat(8000) + "\"")) {
            cases.add(
                    replaced(
                            "(?s)\"target_modules\": \\[.*?\\]", "\"target_modules\": " + targets));
        }
        for (String config :
                List.of(
                        "",
                        "[]",
                        "null",
                        "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                        "{\"peft_type\":\"out of memory\"}",
                        "{\"peft_type\":\"PROMPT_TUNING\",\"num_virtual_tokens\":2147483647}",
                        "{\"peft_type\":\"PREFIX_TUNING\",\"num_virtual_tokens\":2147483647}",
                        "{\"peft_type\":\"P_TUNING\",\"num_virtual_tokens\":1000000,"
                                + "\"encoder_hidden_size\":1000000}",
                        "{\"peft_type\":\"BOTTLENECK\",\"reduction_factor\":0}",
                        "{\"peft_type\":\"BOTTLENECK\",\"reduction_factor\":1e-9}",
                        "{\"peft_type\":\"BOTTLENECK\",\"leave_out\":[-1,999999999]}",
                        "{\"peft_type\":\"BOTTLENECK\",\"beneath\":[\"/out of memory\"]}",
                        "{\"peft_type\":\"BOTTLENECK\",\"beneath\":[\"a\\u0000b\"]}",
                        "{\"peft_type\":\"FREEZE\",\"num_layers\":2147483647}",
                        "{\"peft_type\":\"ADALORA\",\"init_r\":1000000000,\"total_step\":10}",
                        "{\"peft_type\":\"ADALORA\",\"init_r\":4,\"total_step\":10,"
                                + "\"rank_pattern\":5}",
                        "{\"peft_type\":\"IA3\",\"feedforward_modules\":\"(\","
                                + "\"target_modules\":[\"query\"]}")) {
            cases.add(set("adapter_config", config));
        }
        return cases;
    }

    static List<Hostile> strange() {
        return List.of(
                replaced("\"lora_alpha\": 4", "\"lora_alpha\": 1e30"),
                replaced("\"lora_alpha\": 4", "\"lora_alpha\": 1e38"),
                replaced("\"lora_alpha\": 4", "\"lora_alpha\": -1e37"),
                replaced("\"lora_alpha\": 4", "\"lora_alpha\": null"),
                replaced("\"lora_dropout\": 0.0", "\"lora_dropout\": 1e300"),
                new Hostile(
                        "a group that takes no part",
                        all -> {
                            String config =
                                    all.get("adapter_config")
                                            .replaceFirst(
                                                    "\"layers_pattern\": null",
                                                    "\"layers_pattern\": \".*|b\"")
                                            .replaceFirst(
                                                    "\"layers_to_transform\": null",
                                                    "\"layers_to_transform\": [0]");
                            return with(all, "adapter_config", config);
                        }));
    }

    @ParameterizedTest
    @MethodSource
    void strange(Hostile hostile) {
        adapters.current(other);
        adapters.current(good);
        adapters.current(version(good, 40, hostile.metadata().apply(metadataOf(good)), tensors()));

        assertThat(adapters.hasFailed()).isFalse();
        assertServes("victim", adapters.refusals() == 0 ? 40 : good.step());
        assertServes("other", other.step());
    }

    @ParameterizedTest
    @MethodSource("metadata")
    void isRefusedAndTheOneBeforeAndOthersServe(Hostile hostile) {
        adapters.current(other);
        adapters.current(good);
        adapters.current(version(good, 40, hostile.metadata().apply(metadataOf(good)), tensors()));

        assertThat(adapters.refusals()).isEqualTo(1);
        assertThat(adapters.hasFailed()).isFalse();
        assertServes("victim", good.step());
        assertServes("other", other.step());
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 1e38f, -3e38f, 3e30f})
    void valuesWithoutAFiniteResultAreRefused(float value) {
        adapters.current(good);
        var tensors = new ArrayList<TensorView>();
        for (TensorView tensor : tensors()) {
            float[] values = tensor.toFloats();
            Arrays.fill(values, value);
            tensors.add(TensorView.of(tensor.name(), values, tensor.dimensions()));
        }
        adapters.current(version(good, 40, metadataOf(good), tensors));

        assertThat(adapters.refusals()).isEqualTo(1);
        assertServes("victim", good.step());
    }

    @Test
    void aNumberThatFitsNoFloatIsRefusedWithItsReason() {
        var hostile = replaced("\"lora_alpha\": 4", "\"lora_alpha\": 1e300");
        adapters.current(version(good, 40, hostile.metadata().apply(metadataOf(good)), tensors()));
        assertThat(adapters.refusal("victim").orElseThrow()).contains("1.0E300");
        assertThat(asked).containsExactly("victim@40");
    }

    @Test
    void bytesThatAreNoFileAreRefused() {
        adapters.current(good);
        for (byte[] payload :
                List.of(
                        new byte[0],
                        new byte[7],
                        new byte[100],
                        Arrays.copyOf(good.payload(), 999))) {
            adapters.current(payload(good, 40, payload));
        }
        assertThat(adapters.refusals()).isEqualTo(4);
        assertServes("victim", good.step());
    }

    @Test
    void anInterruptedThreadRefusesNoVersion() {
        var lazy = new ServingAdapters(engine, 1, (all, id, step) -> asked.add(id + "@" + step));
        lazy.current(other);
        lazy.current(good); // no room: loaded by who asks for it
        Thread.currentThread().interrupt();
        try {
            lazy.hold("victim");
        } catch (RuntimeException e) {
            // as it may
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(lazy.refusals()).isZero();
        lazy.hold("victim").orElseThrow().release();
        lazy.close();
    }

    @Test
    void aFailureOfTheMachineIsNotTheVersions() {
        var memory = new OutOfMemoryError("Java heap space");
        assertThatThrownBy(() -> engine.check(new IllegalStateException("load", memory)))
                .isInstanceOf(IllegalStateException.class);
        engine.check(new IllegalStateException("out of memory, says a version"));
    }

    private void assertServes(String adapterId, long step) {
        LoadedVersion held = adapters.hold(adapterId).orElseThrow();
        assertThat(held.origin().step()).isEqualTo(step);
        var request = new Request<ServingAdapter>(held.loaded(), "Heavy rain.", null);
        assertThat(engine.predict(List.of(request)).get(0).isFinite()).isTrue();
        held.release();
    }

    private static Hostile set(String key, String value) {
        String shown = value.substring(0, Math.min(60, value.length()));
        return new Hostile(key + " " + shown, all -> with(all, key, value));
    }

    private static Hostile replaced(String regex, String by) {
        return new Hostile(
                by.substring(0, Math.min(60, by.length())),
                all -> {
                    String config = all.get("adapter_config");
                    String changed =
                            config.replaceFirst(
                                    regex, java.util.regex.Matcher.quoteReplacement(by));
                    assertThat(changed).isNotEqualTo(config);
                    return with(all, "adapter_config", changed);
                });
    }

    private static Map<String, String> with(Map<String, String> all, String key, String value) {
        var changed = new LinkedHashMap<>(all);
        changed.put(key, value);
        return changed;
    }

    private static Map<String, String> metadataOf(AdapterVersion version) {
        return SafetensorsFile.of(version.payload()).metadata();
    }

    private static List<TensorView> tensors() {
        return List.copyOf(SafetensorsFile.of(good.payload()).tensors().values());
    }

    private static AdapterVersion version(
            AdapterVersion like,
            long step,
            Map<String, String> metadata,
            List<TensorView> tensors) {
        return payload(like, step, SafetensorsWriter.toBytes(tensors, metadata));
    }

    private static AdapterVersion payload(AdapterVersion like, long step, byte[] payload) {
        return new AdapterVersion(
                like.adapterId(),
                step,
                like.parentStep(),
                like.baseHash(),
                like.method(),
                like.numerics(),
                like.lineage(),
                like.metrics(),
                payload,
                Sha256.of(payload));
    }

    private static AdapterVersion train(String adapterId) {
        var config = TrainerConfig.of(MODEL, new LoraConfig(2, 4)).withDtype("fp32");
        try (var trainer = OnlineTrainer.open(config);
                LiveAdapter before = trainer.create(adapterId)) {
            var examples =
                    List.of(
                            Example.labelled(adapterId, "bread", "x"),
                            Example.labelled(adapterId, "fish", "y"));
            var batch = new Batch(before, examples, List.of());
            try (LiveAdapter after = trainer.step(List.of(batch)).get(0).after()) {
                return trainer.version(after);
            }
        }
    }
}
