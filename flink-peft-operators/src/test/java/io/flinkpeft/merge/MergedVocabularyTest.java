package io.flinkpeft.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings and output layers that an adapter saves whole; Qwen 2 here has one for both. */
class MergedVocabularyTest {

    private static final Path GRID = TinyModels.golden().resolve("grid");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String OUTPUT = "lm_head.weight";

    @TempDir private Path dir;
    private final Path base = GRID.resolve("qwen2/model");
    private TensorView own;
    private Path adapter;

    @BeforeEach
    void adapter() throws IOException {
        own = SafetensorsFile.open(base.resolve("model.safetensors")).tensors().get(EMBEDDING);
        adapter = CombineGolden.copy(GRID.resolve("qwen2/lora/trained"), dir.resolve("adapter"));
    }

    /** The embedding with other values, and more rows. */
    private TensorView other(float value, int more) {
        int rows = Math.toIntExact(own.shape().get(0)) + more;
        int width = Math.toIntExact(own.shape().get(1));
        float[] values = new float[rows * width];
        Arrays.fill(values, value);
        return TensorView.of("", values, rows, width);
    }

    private void put(Map<String, TensorView> tensors, List<String> saved) throws IOException {
        Path file = adapter.resolve(PeftDirectory.TENSORS);
        var all = new TreeMap<>(SafetensorsFile.of(Files.readAllBytes(file)).tensors());
        tensors.forEach(
                (name, tensor) -> {
                    String full = "base_model.model." + name;
                    all.put(full, tensor.named(full));
                });
        SafetensorsWriter.write(file, all.values(), Map.of("format", "pt"));
        Path config = adapter.resolve(PeftDirectory.CONFIG);
        var json = (ObjectNode) TinyModels.json(config);
        json.set("modules_to_save", JSON.valueToTree(saved));
        JSON.writeValue(config.toFile(), json);
    }

    private Map<String, TensorView> merged(Path model) throws IOException {
        Path output = dir.resolve("merged");
        ModelMerge.merge(model, adapter, output, Rounding.ONCE);
        ModelDirectory.open(output);
        return SafetensorsFile.open(output.resolve("model.safetensors")).tensors();
    }

    private JsonNode config() {
        return TinyModels.json(dir.resolve("merged/config.json"));
    }

    @Test
    void anEmbeddingThatIsSavedWholeIsNoLongerTheOutputLayer() throws IOException {
        put(Map.of(EMBEDDING, other(0.5f, 0)), List.of("embed_tokens"));
        var tensors = merged(base);
        assertThat(tensors.get(EMBEDDING).toFloats()).containsOnly(0.5f);
        assertThat(tensors.get(OUTPUT).toFloats()).isEqualTo(own.toFloats());
        assertThat(config().get("tie_word_embeddings").asBoolean()).isFalse();
    }

    @Test
    void anOutputLayerThatIsSavedWholeIsNoLongerTheEmbedding() throws IOException {
        put(Map.of(OUTPUT, other(0.5f, 0)), List.of("lm_head"));
        var tensors = merged(base);
        assertThat(tensors.get(OUTPUT).toFloats()).containsOnly(0.5f);
        assertThat(tensors.get(EMBEDDING).toFloats()).isEqualTo(own.toFloats());
        assertThat(config().get("tie_word_embeddings").asBoolean()).isFalse();
    }

    @Test
    void bothMayBeSavedWhole() throws IOException {
        put(
                Map.of(OUTPUT, other(0.5f, 0), EMBEDDING, other(0.25f, 0)),
                List.of("embed_tokens", "lm_head"));
        var tensors = merged(base);
        assertThat(tensors.get(OUTPUT).toFloats()).containsOnly(0.5f);
        assertThat(tensors.get(EMBEDDING).toFloats()).containsOnly(0.25f);
    }

    /** PEFT saves both matrices of a vocabulary that grew, also where they are one. */
    @Test
    void aVocabularyThatGrewStandsInTheSettings() throws IOException {
        put(Map.of(OUTPUT, other(0.5f, 3), EMBEDDING, other(0.5f, 3)), List.of());
        Files.writeString(adapter.resolve("tokenizer.json"), "{}");
        var tensors = merged(base);
        assertThat(tensors).doesNotContainKey(OUTPUT);
        assertThat(config().get("vocab_size").asLong()).isEqualTo(own.shape().get(0) + 3);
        assertThat(config().get("tie_word_embeddings").asBoolean()).isTrue();
        assertThat(dir.resolve("merged/tokenizer.json")).hasContent("{}");
    }

    /** Then PEFT writes the copy and the original, too. */
    @Test
    void anEmbeddingMayHaveGrownAndBeSavedWhole() throws IOException {
        put(
                Map.of(
                        OUTPUT,
                        other(0.5f, 3),
                        EMBEDDING,
                        other(0.25f, 3),
                        "model.embed_tokens.modules_to_save.weight",
                        other(0.25f, 3),
                        "model.embed_tokens.original_module.weight",
                        other(0.5f, 3)),
                List.of("embed_tokens"));
        var tensors = merged(base);
        assertThat(tensors.get(OUTPUT).toFloats()).containsOnly(0.5f);
        assertThat(tensors.get(EMBEDDING).toFloats()).containsOnly(0.25f);
        assertThat(config().get("vocab_size").asLong()).isEqualTo(own.shape().get(0) + 3);
        assertThat(config().get("tie_word_embeddings").asBoolean()).isFalse();
    }

    @Test
    void aVocabularyGrowsInBothPlaces() throws IOException {
        put(Map.of(OUTPUT, other(0.5f, 3)), List.of("lm_head"));
        assertThatThrownBy(() -> merged(base))
                .hasMessageContaining("The vocabulary has ")
                .hasMessageContaining(
                        " words in the embedding, must have as many in lm_head.weight");
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5", "bart"})
    void anEmbeddingOfMorePlacesIsRefused(String model) throws IOException {
        adapter = CombineGolden.copy(GRID.resolve(model + "/lora/trained"), dir.resolve(model));
        put(Map.of(OUTPUT, other(0.5f, 0)), List.of("lm_head"));
        assertThatThrownBy(() -> merged(GRID.resolve(model).resolve("model")))
                .hasMessageContaining("word embeddings that are used in several places");
    }

    /** transformers decides by the values: equal ones are one tensor, others two. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTiedWeightThatTheFileHasTwiceChangesTwice(boolean equal) throws IOException {
        Path model = CombineGolden.copy(base, dir.resolve("model"));
        Path file = model.resolve("model.safetensors");
        var all = new TreeMap<>(SafetensorsFile.of(Files.readAllBytes(file)).tensors());
        TensorView output = equal ? own : other(0.5f, 0);
        all.put(OUTPUT, output.named(OUTPUT));
        SafetensorsWriter.write(file, all.values(), Map.of("format", "pt"));
        Path config = adapter.resolve(PeftDirectory.CONFIG);
        var json = (ObjectNode) TinyModels.json(config);
        json.set("target_modules", JSON.valueToTree(List.of("lm_head")));
        JSON.writeValue(config.toFile(), json);
        int rank = json.get("r").asInt();
        int width = Math.toIntExact(own.shape().get(1));
        float[] b = new float[Math.toIntExact(own.shape().get(0)) * rank];
        Arrays.fill(b, 1);
        float[] a = new float[rank * width];
        Arrays.fill(a, 0.5f);
        String name = "base_model.model.lm_head.lora_";
        SafetensorsWriter.write(
                adapter.resolve(PeftDirectory.TENSORS),
                List.of(
                        TensorView.of(name + "A.weight", a, rank, width),
                        TensorView.of(name + "B.weight", b, b.length / rank, rank)),
                Map.of("format", "pt"));
        var tensors = merged(model);
        float[] words = tensors.get(EMBEDDING).toFloats();
        assertThat(tensors.get(OUTPUT).toFloats()).isNotEqualTo(output.toFloats());
        if (equal) {
            assertThat(tensors.get(OUTPUT).toFloats()).isEqualTo(words);
        } else {
            assertThat(words).isEqualTo(own.toFloats());
        }
    }
}
