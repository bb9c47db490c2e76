package io.flinkpeft.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.method.lora.LoraLayer;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what PEFT's add_weighted_adapter gives, see {@link CombineGolden}. */
class AdapterCombinationTest {

    private static final Path SEQ_CLS = TinyModels.golden().resolve("lora-qv");

    private static WeightMerger merger;

    @TempDir private Path dir;

    @BeforeAll
    static void open() {
        merger = new WeightMerger(Rounding.ONCE);
    }

    @AfterAll
    static void close() {
        merger.close();
    }

    static Stream<JsonNode> cases() {
        JsonNode cases = TinyModels.json(CombineGolden.FOLDER.resolve("cases.json"));
        return StreamSupport.stream(cases.spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyTypeGivesTheChangeOfPeft(JsonNode golden) throws IOException {
        List<AdapterCombination.Weighted> adapters = new ArrayList<>();
        for (int i = 0; i < golden.get("adapters").size(); i++) {
            adapters.add(weighted(golden.get("adapters").get(i).asText(), golden, i));
        }
        Path output = dir.resolve("combined");
        AdapterCombination.combine(CombineGolden.GPT2, adapters, config(golden), output);

        var expected = CombineGolden.tensors("combined.safetensors", golden.get("name").asText());
        var model = ModelFiles.open(CombineGolden.GPT2);
        SavedAdapter combined = SavedAdapter.read(output);
        assertThat(combined.modules()).isEqualTo(expected.keySet()).isNotEmpty();
        combined.modules()
                .forEach(
                        module -> {
                            LoraLayer layer = combined.change(module, LoraLayer.class);
                            assertThat(layer.scale()).isEqualTo(1);
                            TensorView change = expected.get(module);
                            float[] zeros = new float[(int) change.elements()];
                            var zero = TensorView.of(module, zeros, change.dimensions());
                            boolean transposed =
                                    layer.embedding()
                                            || model.isTransposed(module, layer.out(), layer.in());
                            var bytes =
                                    merger.weight(
                                            zero,
                                            layer.weight().orElseThrow(),
                                            transposed,
                                            layer.embedding());
                            var merged = new TensorView(module, zero.dtype(), zero.shape(), bytes);
                            assertThat(merged.toFloats())
                                    .as(module)
                                    .containsExactly(change.toFloats(), within(1e-5f));
                        });
    }

    private static AdapterCombination.Weighted weighted(String name, JsonNode golden, int i) {
        return weighted(
                CombineGolden.FOLDER.resolve(name), golden.get("weights").get(i).asDouble());
    }

    private static AdapterCombination.Weighted weighted(Path adapter, double weight) {
        return new AdapterCombination.Weighted(adapter, weight);
    }

    private static CombinationConfig config(JsonNode golden) {
        return new CombinationConfig(
                CombinationType.valueOf(golden.get("type").asText().toUpperCase(Locale.ROOT)),
                golden.has("density")
                        ? OptionalDouble.of(golden.get("density").asDouble())
                        : OptionalDouble.empty(),
                golden.path("sign").asText("total").equals("total")
                        ? MajoritySign.TOTAL
                        : MajoritySign.FREQUENCY,
                golden.has("rank")
                        ? OptionalInt.of(golden.get("rank").asInt())
                        : OptionalInt.empty(),
                golden.has("clamp")
                        ? OptionalDouble.of(golden.get("clamp").asDouble())
                        : OptionalDouble.empty(),
                golden.get("seed").asLong());
    }

    private void combine(CombinationType type, String... names) throws IOException {
        List<AdapterCombination.Weighted> adapters = new ArrayList<>();
        for (String name : names) {
            adapters.add(weighted(CombineGolden.FOLDER.resolve(name), 1));
        }
        AdapterCombination.combine(
                CombineGolden.GPT2, adapters, CombinationConfig.of(type), dir.resolve("out"));
    }

    @Test
    void theSettingsAreTheFirstOnesWithScaleOne() throws IOException {
        combine(CombinationType.CAT, "c", "a");
        JsonNode config = TinyModels.json(dir.resolve("out").resolve(PeftDirectory.CONFIG));
        assertThat(config.get("r").asInt()).isEqualTo(6);
        assertThat(config.get("lora_alpha").asInt()).isEqualTo(6);
        assertThat(config.get("use_rslora").asBoolean()).isFalse();
        assertThat(config.get("task_type").asText()).isEqualTo("CAUSAL_LM");
        assertThat(config.get("fan_in_fan_out").asBoolean()).isTrue();
        assertThat(config.get("rank_pattern")).isEmpty();
        assertThat(config.get("target_modules"))
                .map(JsonNode::asText)
                .containsExactly("h.0.attn.c_attn", "h.0.attn.c_proj", "h.1.mlp.c_proj", "wte");
    }

    @Test
    void ia3VectorsAreAddedByWeight() throws IOException {
        AdapterCombination.combine(
                CombineGolden.GPT2,
                List.of(
                        weighted(CombineGolden.FOLDER.resolve("ia3-a"), .7),
                        weighted(CombineGolden.FOLDER.resolve("ia3-b"), -.3)),
                CombinationConfig.of(CombinationType.LINEAR),
                dir.resolve("out"));
        var expected = CombineGolden.tensors("combined.safetensors", "ia3");
        Map<String, TensorView> combined =
                SafetensorsFile.open(dir.resolve("out").resolve(PeftDirectory.TENSORS)).tensors();
        assertThat(combined.keySet()).isEqualTo(expected.keySet());
        combined.forEach(
                (name, tensor) ->
                        assertThat(tensor.toFloats())
                                .as(name)
                                .containsExactly(expected.get(name).toFloats(), within(1e-6f)));
        JsonNode config = TinyModels.json(dir.resolve("out").resolve(PeftDirectory.CONFIG));
        assertThat(config.get("feedforward_modules")).hasSize(2);
    }

    @Test
    void unequalRanksNeedAnotherType() {
        assertThatThrownBy(() -> combine(CombinationType.LINEAR, "a", "c"))
                .hasMessage("Ranks [4, 2] must be equal for linear. Maybe use svd or cat.");
    }

    @Test
    void methodsCannotBeMixed() {
        assertThatThrownBy(() -> combine(CombinationType.SVD, "ia3-a", "ia3-b"))
                .hasMessageStartingWith("combine.type (svd) must be linear for IA3");
        assertThatThrownBy(() -> combine(CombinationType.LINEAR, "a", "ia3-a"))
                .hasMessageContaining("is not of the method of");
        assertThatThrownBy(() -> combine(CombinationType.SVD, "a", "gpt2-dora"))
                .hasMessageContaining("has use_dora, must be plain LoRA");
        assertThatThrownBy(() -> combine(CombinationType.SVD, "gpt2-bias", "a"))
                .hasMessageContaining("has lora_bias, must be plain LoRA");
        // PEFT combines no AdaLoRA either
        assertThatThrownBy(() -> combine(CombinationType.SVD, "../grid/gpt2/adalora/trained", "a"))
                .hasMessageEndingWith("peft_type (ADALORA) must be LORA or IA3 to be combined.");
    }

    @Test
    void twoHeadsCannotBeCombined() {
        assertThatThrownBy(
                        () ->
                                AdapterCombination.combine(
                                        TinyModels.bert(),
                                        List.of(
                                                weighted(SEQ_CLS.resolve("init"), 1),
                                                weighted(SEQ_CLS.resolve("trained"), 1)),
                                        CombinationConfig.of(CombinationType.SVD),
                                        dir.resolve("out")))
                .hasMessageContainingAll(
                        "Tensor classifier.bias is saved whole in ",
                        "must be in one of them at most");
        assertThat(dir).isEmptyDirectory();
    }

    /** PEFT saves the output layer's own weight beside its change. */
    @Test
    void aWeightOfTheBaseIsNoConflict() throws IOException {
        Path llama = TinyModels.golden().resolve("grid/llama");
        AdapterCombination.combine(
                llama.resolve("model"),
                List.of(
                        weighted(llama.resolve("lora-lm-head/init"), .5),
                        weighted(llama.resolve("lora-lm-head/trained"), .5)),
                CombinationConfig.of(CombinationType.CAT),
                dir.resolve("out"));
        assertThat(PeftDirectory.read(dir.resolve("out")).adapter().tensors())
                .containsKeys(
                        "base_model.model.lm_head.base_layer.weight",
                        "base_model.model.lm_head.lora_A.weight");
    }

    @Test
    void oneHeadIsKept() throws IOException {
        AdapterCombination.combine(
                TinyModels.bert(),
                List.of(weighted(SEQ_CLS.resolve("trained"), .5)),
                CombinationConfig.of(CombinationType.CAT),
                dir.resolve("out"));
        var read = PeftDirectory.read(dir.resolve("out")).adapter();
        assertThat(read.tensors())
                .containsEntry(
                        "base_model.model.classifier.bias",
                        PeftDirectory.read(SEQ_CLS.resolve("trained"))
                                .adapter()
                                .tensors()
                                .get("base_model.model.classifier.bias"));
    }

    @Test
    void targetsMustBeOfOneKind() throws IOException {
        Path pattern = CombineGolden.copy(CombineGolden.FOLDER.resolve("b"), dir.resolve("b"));
        Path config = pattern.resolve(PeftDirectory.CONFIG);
        String text = Files.readString(config);
        Files.writeString(
                config,
                text.replaceAll("(?s)\"target_modules\": \\[.*?\\]", "\"target_modules\": \".*\""));
        assertThatThrownBy(
                        () ->
                                AdapterCombination.combine(
                                        CombineGolden.GPT2,
                                        List.of(
                                                weighted(CombineGolden.FOLDER.resolve("a"), 1),
                                                weighted(pattern, 1)),
                                        CombinationConfig.of(CombinationType.CAT),
                                        dir.resolve("out")))
                .hasMessageContaining("must be lists or patterns in all adapters");
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> CombinationConfig.of(CombinationType.TIES))
                .hasMessage("combine.density must be given for ties. Maybe use 0.5.");
        assertThatThrownBy(
                        () ->
                                new CombinationConfig(
                                        CombinationType.TIES,
                                        OptionalDouble.of(0),
                                        MajoritySign.TOTAL,
                                        OptionalInt.empty(),
                                        OptionalDouble.empty(),
                                        0))
                .hasMessage("combine.density (0.0) must be more than 0 and at most 1.");
        assertThatThrownBy(() -> weighted(dir, Double.NaN)).hasMessageContaining("must be finite");
    }
}
