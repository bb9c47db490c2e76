package io.flinkpeft.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.safetensors.DType;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against what PEFT's merge_and_unload gives, see {@link CombineGolden}. */
class ModelMergeTest {

    private static final Path BERT_ADAPTER = TinyModels.golden().resolve("lora-qv/trained");
    private static final String WEIGHTS = "model.safetensors";

    @TempDir private Path dir;

    private static Path model(String name) {
        if (name.startsWith("grid/")) {
            return TinyModels.golden().resolve(name).resolve("model");
        }
        return name.equals("bert") ? TinyModels.bert() : CombineGolden.GPT2;
    }

    private static Path adapter(String name) {
        return name.startsWith("lora") || name.startsWith("grid/")
                ? TinyModels.golden().resolve(name).resolve("trained")
                : CombineGolden.FOLDER.resolve(name);
    }

    private static Map<String, TensorView> tensors(Path model) throws IOException {
        return SafetensorsFile.open(model.resolve(WEIGHTS)).tensors();
    }

    @ParameterizedTest
    @CsvSource({
        "bert lora-qv",
        "bert lora-all-rslora",
        "gpt2 gpt2-lora",
        "gpt2 gpt2-dora",
        "gpt2 gpt2-bias",
        "gpt2 gpt2-ia3",
        "grid/bert grid/bert/adalora",
        "grid/gpt2 grid/gpt2/adalora"
    })
    void everyTensorIsThatOfPeft(String pair) throws IOException {
        Path model = model(pair.split(" ")[0]);
        Path output = dir.resolve("merged");
        ModelMerge.merge(model, adapter(pair.split(" ")[1]), output, Rounding.ONCE);
        var expected = new TreeMap<>(tensors(model));
        var changed = CombineGolden.tensors("merged.safetensors", pair + " F32 plain");
        assertThat(changed).isNotEmpty();
        expected.putAll(changed);
        var merged = tensors(output);
        assertThat(merged.keySet()).isEqualTo(expected.keySet());
        merged.forEach(
                (name, tensor) ->
                        assertThat(tensor.toFloats())
                                .as(name)
                                .containsExactly(expected.get(name).toFloats(), within(1e-6f)));
    }

    /** What is not a whole bit apart is equal: the same rounding, once or twice. */
    @ParameterizedTest
    @CsvSource({
        "bert lora-qv, BF16",
        "bert lora-all-rslora, BF16",
        "gpt2 gpt2-lora, BF16",
        "gpt2 gpt2-lora, F16",
        "gpt2 gpt2-dora, BF16",
        "gpt2 gpt2-bias, BF16",
        "gpt2 gpt2-ia3, BF16"
    })
    void halfPrecisionHasTheBitsOfPeft(String pair, DType type) throws IOException {
        Path model = CombineGolden.cast(model(pair.split(" ")[0]), type, dir.resolve("half"));
        for (Rounding rounding : Rounding.values()) {
            String path = rounding == Rounding.ONCE ? "plain" : "safe";
            Path output = dir.resolve(path);
            ModelMerge.merge(model, adapter(pair.split(" ")[1]), output, rounding);
            var expected = new TreeMap<>(tensors(model));
            expected.putAll(
                    CombineGolden.tensors("merged.safetensors", pair + " " + type + " " + path));
            var merged = tensors(output);
            merged.forEach(
                    (name, tensor) -> {
                        assertThat(tensor.dtype()).isEqualTo(type);
                        assertThat(tensor.data()).as(name).isEqualTo(expected.get(name).data());
                    });
        }
    }

    @Test
    void theTwoRoundingsDifferInHalfPrecision() throws IOException {
        var plain = CombineGolden.tensors("merged.safetensors", "gpt2 gpt2-lora BF16 plain");
        var safe = CombineGolden.tensors("merged.safetensors", "gpt2 gpt2-lora BF16 safe");
        String name = "transformer.h.0.attn.c_attn.weight";
        assertThat(plain.get(name).data()).isNotEqualTo(safe.get(name).data());
    }

    @Test
    void settingsAndTokenizerComeAlongAndTheBaseStays() throws IOException {
        byte[] before = Files.readAllBytes(TinyModels.bert().resolve(WEIGHTS));
        Path output = dir.resolve("merged");
        assertThat(ModelMerge.merge(TinyModels.bert(), BERT_ADAPTER, output, Rounding.ONCE))
                .containsExactly(TinyModels.leftOutOfBert());
        for (String name : List.of("config.json", "tokenizer.json")) {
            assertThat(output.resolve(name))
                    .hasSameBinaryContentAs(TinyModels.bert().resolve(name));
        }
        assertThat(Files.readAllBytes(TinyModels.bert().resolve(WEIGHTS))).isEqualTo(before);
    }

    @Test
    void aModelInSeveralFilesStaysSo() throws IOException {
        Path sharded = dir.resolve("sharded");
        Files.createDirectories(sharded);
        Files.copy(TinyModels.bert().resolve("config.json"), sharded.resolve("config.json"));
        var all = new TreeMap<>(tensors(TinyModels.bert()));
        var files = new TreeMap<String, String>();
        String middle = "bert.encoder.layer.1";
        for (var half : List.of(all.headMap(middle), all.tailMap(middle))) {
            String file = "model-0000" + (files.isEmpty() ? 1 : 2) + "-of-00002.safetensors";
            SafetensorsWriter.write(sharded.resolve(file), half.values(), Map.of("format", "pt"));
            half.keySet().forEach(name -> files.put(name, file));
        }
        var mapper = new ObjectMapper();
        String index = "model.safetensors.index.json";
        mapper.writeValue(
                sharded.resolve(index).toFile(),
                Map.of("metadata", Map.of("total_size", 1), "weight_map", files));

        Path output = dir.resolve("merged");
        ModelMerge.merge(sharded, BERT_ADAPTER, output, Rounding.ONCE);
        Path whole = dir.resolve("whole");
        ModelMerge.merge(TinyModels.bert(), BERT_ADAPTER, whole, Rounding.ONCE);
        var expected = tensors(whole);
        files.forEach(
                (name, file) -> {
                    try {
                        assertThat(SafetensorsFile.open(output.resolve(file)).tensor(name).data())
                                .as(name)
                                .isEqualTo(expected.get(name).data());
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
        var written = mapper.readTree(output.resolve(index).toFile());
        assertThat(written.get("weight_map")).isEqualTo(mapper.valueToTree(files));
        long bytes = all.values().stream().mapToLong(t -> t.data().remaining()).sum();
        assertThat(written.at("/metadata/total_size").asLong()).isEqualTo(bytes);
    }

    @Test
    void aTiedEmbeddingIsSaid() throws IOException {
        assertThat(
                        ModelMerge.merge(
                                CombineGolden.GPT2,
                                adapter("gpt2-lora"),
                                dir.resolve("merged"),
                                Rounding.ONCE))
                .containsExactly(
                        "Tensor transformer.wte.weight is tied to the output layer, which changes"
                                + " with it, as in PEFT. Maybe untie the model first.");
    }

    /** PEFT saves the output layer's own weight beside its change. */
    @Test
    void anOutputLayerIsMerged() throws IOException {
        Path model = model("grid/llama");
        Path adapter = adapter("grid/llama/lora-lm-head");
        ModelMerge.merge(model, adapter, dir.resolve("merged"), Rounding.ONCE);
        var changes = SafetensorsFile.open(adapter.resolve(PeftDirectory.TENSORS)).tensors();
        float[] a = changes.get("base_model.model.lm_head.lora_A.weight").toFloats();
        float[] b = changes.get("base_model.model.lm_head.lora_B.weight").toFloats();
        float[] expected = tensors(model).get("lm_head.weight").toFloats();
        for (int i = 0; i < expected.length; i++) {
            // rank 2 and alpha 4 on 32 inputs
            int out = i / 32;
            int in = i % 32;
            expected[i] += 2 * (b[2 * out] * a[in] + b[2 * out + 1] * a[32 + in]);
        }
        assertThat(tensors(dir.resolve("merged")).get("lm_head.weight").toFloats())
                .containsExactly(expected, within(1e-6f));
    }

    @Test
    void anOutputLayerThatIsTheEmbeddingChangesItAsInPeft() throws IOException {
        assertThat(
                        ModelMerge.merge(
                                model("grid/gpt2"),
                                adapter("grid/gpt2/lora-lm-head"),
                                dir.resolve("merged"),
                                Rounding.ONCE))
                .containsExactly(
                        "Tensor transformer.wte.weight is tied to the embedding, which changes with"
                                + " it, as in PEFT. Maybe untie the model first.");
    }

    /** A checkpoint of the bare encoder: no head, and names without the model's part. */
    @Test
    void aBareModelGetsTheAdaptersHead() throws IOException {
        Path bare = dir.resolve("bare");
        Files.createDirectories(bare);
        String config = Files.readString(TinyModels.bert().resolve("config.json"));
        Files.writeString(
                bare.resolve("config.json"),
                config.replace("BertForSequenceClassification", "BertModel"));
        List<TensorView> encoder =
                tensors(TinyModels.bert()).values().stream()
                        .filter(t -> t.name().startsWith("bert."))
                        .map(t -> t.named(t.name().substring("bert.".length())))
                        .toList();
        SafetensorsWriter.write(bare.resolve(WEIGHTS), encoder, Map.of("format", "pt"));

        Path output = dir.resolve("merged");
        assertThat(ModelMerge.merge(bare, BERT_ADAPTER, output, Rounding.ONCE))
                .containsExactly(
                        "Tensor classifier.bias is new: the base model lacks it.",
                        "Tensor classifier.weight is new: the base model lacks it.");
        Path whole = dir.resolve("whole");
        ModelMerge.merge(TinyModels.bert(), BERT_ADAPTER, whole, Rounding.ONCE);
        assertThat(output.resolve(WEIGHTS)).hasSameBinaryContentAs(whole.resolve(WEIGHTS));
        assertThat(output.resolve("config.json")).content().contains("BertForSequenceClass");
    }

    @Test
    void aHeadWithOtherLabelsStandsInTheSettings() throws IOException {
        Path adapter = CombineGolden.copy(BERT_ADAPTER, dir.resolve("adapter"));
        Path file = adapter.resolve(PeftDirectory.TENSORS);
        var tensors = new TreeMap<>(SafetensorsFile.of(Files.readAllBytes(file)).tensors());
        String head = "base_model.model.classifier.";
        tensors.put(head + "weight", TensorView.of(head + "weight", new float[5 * 32], 5, 32));
        tensors.put(head + "bias", TensorView.of(head + "bias", new float[5], 5));
        SafetensorsWriter.write(file, tensors.values(), Map.of("format", "pt"));

        Path output = dir.resolve("merged");
        assertThat(ModelMerge.merge(TinyModels.bert(), adapter, output, Rounding.ONCE))
                .containsExactly(
                        "Tensor classifier.bias has shape [5] as the adapter has it; the base model"
                                + " has [3].",
                        "Tensor classifier.weight has shape [5, 32] as the adapter has it; the base"
                                + " model has [3, 32].",
                        TinyModels.leftOutOfBert());
        assertThat(ModelDirectory.open(output).config().labels())
                .containsExactly("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4");
        assertThat(tensors(output).get("classifier.weight").shape()).containsExactly(5L, 32L);
    }

    @Test
    void foldersOfSentenceTransformersComeAlongAndOldWeightsDoNot() throws IOException {
        Path model = CombineGolden.copy(TinyModels.bert(), dir.resolve("model"));
        Path pooling = Files.createDirectory(model.resolve("1_Pooling"));
        Files.writeString(pooling.resolve("config.json"), "{}");
        Files.writeString(model.resolve("pytorch_model.bin"), "old");
        Files.createDirectory(model.resolve("onnx"));

        Path output = dir.resolve("merged");
        ModelMerge.merge(model, BERT_ADAPTER, output, Rounding.ONCE);
        assertThat(output.resolve("1_Pooling/config.json")).hasContent("{}");
        assertThat(output.resolve("pytorch_model.bin")).doesNotExist();
        assertThat(output.resolve("onnx")).doesNotExist();
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() {
        assertThatThrownBy(
                        () ->
                                ModelMerge.merge(
                                        CombineGolden.GPT2,
                                        BERT_ADAPTER,
                                        dir.resolve("out"),
                                        Rounding.ONCE))
                .hasMessageContainingAll(
                        "Adapter " + BERT_ADAPTER,
                        "has no tensor bert.encoder.layer.0.attention.self.query.weight",
                        "Maybe the adapter is for another model.");
    }

    @Test
    void whatCannotBeMergedIsRefused() throws IOException {
        assertThatThrownBy(() -> mergeWith("\"LORA\"", "\"VERA\""))
                .hasMessageEndingWith("peft_type (VERA) must be one of [LORA, ADALORA, IA3].");
        assertThatThrownBy(() -> mergeWith("\"use_qalora\": false", "\"use_qalora\": true"))
                .hasMessageEndingWith("use_qalora (true) must be off: it is not supported.");
        assertThatThrownBy(
                        () ->
                                mergeWith(
                                        "\"init_lora_weights\": true",
                                        "\"init_lora_weights\": \"pissa\""))
                .hasMessageContaining("init_lora_weights (pissa)");
        assertThatThrownBy(() -> mergeWith("\"r\": 4", "\"r\": 5"))
                .hasMessageContaining("has rank 4, must have 5, as the settings say.");
    }

    void anAdaLoraOfAnotherRankIsRefused() throws IOException {
        Path adapter = CombineGolden.copy(adapter("grid/bert/adalora"), dir.resolve("other-rank"));
        Path config = adapter.resolve(PeftDirectory.CONFIG);
        String text = Files.readString(config);
        Files.writeString(config, text.replaceFirst("(query.lora_E\": \\[\\s*)true", "$1false"));
        assertThatThrownBy(
                        () ->
                                ModelMerge.merge(
                                        model("grid/bert"),
                                        adapter,
                                        dir.resolve("out"),
                                        Rounding.ONCE))
                .hasMessageEndingWith(
                        "Layer bert.encoder.layer.0.attention.self.query has rank 3, must have 2,"
                                + " as the settings say.");
    }

    private void mergeWith(String before, String after) throws IOException {
        Path adapter = dir.resolve("adapter-" + after.hashCode());
        CombineGolden.copy(BERT_ADAPTER, adapter);
        Path config = adapter.resolve(PeftDirectory.CONFIG);
        String text = Files.readString(config);
        assertThat(text).contains(before);
        Files.writeString(config, text.replace(before, after));
        ModelMerge.merge(TinyModels.bert(), adapter, dir.resolve("out"), Rounding.ONCE);
    }
}
