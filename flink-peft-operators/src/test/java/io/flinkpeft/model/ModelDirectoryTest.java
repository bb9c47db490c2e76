package io.flinkpeft.model;

import static io.flinkpeft.model.ModelDirectories.TINY_BERT;
import static io.flinkpeft.model.ModelDirectories.copyOfTinyBert;
import static io.flinkpeft.model.ModelDirectories.edit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModelDirectoryTest {

    @TempDir Path directory;

    @Test
    void readsADirectoryOfTransformers() throws Exception {
        var model = ModelDirectory.open(TINY_BERT);

        assertThat(model.config())
                .isEqualTo(
                        new BertConfig(
                                32,
                                2,
                                4,
                                64,
                                248,
                                64,
                                2,
                                1e-12,
                                "gelu",
                                0,
                                List.of("BertForSequenceClassification"),
                                List.of("food", "weather", "sport")));
        assertThat(model.tensor("classifier.weight").shape()).containsExactly(3L, 32L);
        assertThat(model.tensor("bert.embeddings.word_embeddings.weight").shape())
                .containsExactly(248L, 32L);
        assertThat(model.pooling()).isEqualTo(Pooling.MEAN);
        assertThat(model.maxTokens()).isEmpty();
    }

    @Test
    void fieldsThatOlderVersionsLeaveOutHaveTheirDefaults() throws Exception {
        copyOfTinyBert(directory);
        edit(
                directory.resolve("config.json"),
                json ->
                        json.remove(
                                List.of(
                                        "type_vocab_size",
                                        "layer_norm_eps",
                                        "hidden_act",
                                        "pad_token_id",
                                        "architectures",
                                        "is_decoder",
                                        "add_cross_attention",
                                        "id2label")));
        edit(
                directory.resolve("config.json"),
                json -> json.put("position_embedding_type", "absolute").putNull("pad_token_id"));

        BertConfig config = (BertConfig) ModelDirectory.open(directory).config();

        assertThat(config.segments()).isEqualTo(2);
        assertThat(config.layerNormEpsilon()).isEqualTo(1e-12);
        assertThat(config.activation()).isEqualTo("gelu");
        assertThat(config.padTokenId()).isZero();
        assertThat(config.architectures()).isEmpty();
        assertThat(config.labels()).containsExactly("LABEL_0", "LABEL_1");
    }

    @Test
    void labelsAreOrderedByIdAsANumber() throws Exception {
        copyOfTinyBert(directory);
        edit(
                directory.resolve("config.json"),
                json -> {
                    ObjectNode labels = json.putObject("id2label");
                    for (int id = 11; id >= 0; id--) {
                        labels.put(Integer.toString(id), "label " + id);
                    }
                });

        List<String> labels = ModelDirectory.open(directory).config().labels();

        assertThat(labels).hasSize(12).startsWith("label 0", "label 1", "label 2");
        assertThat(labels.get(10)).isEqualTo("label 10");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void refusesAConfigurationItWouldMisread(Consumer<ObjectNode> change, String message)
            throws Exception {
        copyOfTinyBert(directory);
        edit(directory.resolve("config.json"), change);

        assertThatThrownBy(() -> ModelDirectory.open(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Model " + directory + ": " + message);
    }

    static Stream<Arguments> refusesAConfigurationItWouldMisread() {
        return Stream.of(
                config(
                        j -> j.put("model_type", "mamba"),
                        "model_type (mamba) must be one of " + Architectures.modelTypes() + "."),
                config(
                        j -> j.remove("model_type"),
                        "model_type () must be one of " + Architectures.modelTypes() + "."),
                config(j -> j.put("is_decoder", true), "is_decoder (true) must be false."),
                config(
                        j -> j.put("position_embedding_type", "relative_key"),
                        "position_embedding_type (relative_key) must be absolute."),
                config(
                        j -> j.putObject("quantization_config"),
                        "quantization_config must be absent. Maybe use the model before"
                                + " quantisation."),
                config(
                        j -> j.remove("hidden_size"),
                        "hidden_size (missing) must be a whole number of at least 1."),
                config(
                        j -> j.put("vocab_size", -1),
                        "vocab_size (-1) must be a whole number of at least 1."),
                config(
                        j -> j.put("num_attention_heads", 5),
                        "hidden_size (32) must be a multiple of num_attention_heads (5)."),
                config(
                        j -> j.putObject("id2label").put("1", "a").put("2", "b"),
                        "id2label {\"1\":\"a\",\"2\":\"b\"} must have a name for each id from 0"
                                + " on."));
    }

    private static Arguments config(Consumer<ObjectNode> change, String message) {
        return arguments(change, message);
    }

    @Test
    void theHashIsThatOfTheTensorsAndNotOfTheFiles() throws Exception {
        var whole = ModelDirectory.open(TINY_BERT);
        shard(whole);

        var sharded = ModelDirectory.open(directory);

        assertThat(sharded.tensors()).isEqualTo(whole.tensors());
        assertThat(sharded.hash())
                .isEqualTo(whole.hash())
                .isEqualTo("80fb283739f2dc9d2c9fa0f18abfb559e2c5333a002c4ee1990c9b2db9717fed");
    }

    @Test
    void theHashChangesWithAnyNameShapeOrValue() throws Exception {
        String hash = ModelDirectory.open(TINY_BERT).hash();

        assertThat(hashWith(t -> t.named("classifier.bias2"))).isNotEqualTo(hash);
        assertThat(hashWith(t -> TensorView.of(t.name(), t.toFloats(), 1, 3))).isNotEqualTo(hash);
        assertThat(
                        hashWith(
                                t -> {
                                    float[] values = t.toFloats();
                                    values[2] = Math.nextUp(values[2]);
                                    return TensorView.of(t.name(), values, 3);
                                }))
                .isNotEqualTo(hash);
        assertThat(hashWith(t -> t)).isEqualTo(hash);
    }

    private String hashWith(java.util.function.UnaryOperator<TensorView> change) throws Exception {
        var tensors = new ArrayList<>(ModelDirectory.open(TINY_BERT).tensors().values());
        tensors.replaceAll(t -> t.name().equals("classifier.bias") ? change.apply(t) : t);
        Path copy = copyOfTinyBert(Files.createTempDirectory(directory, "copy"));
        SafetensorsWriter.write(copy.resolve("model.safetensors"), tensors, Map.of());
        return ModelDirectory.open(copy).hash();
    }

    /** The tiny model in two files. */
    private void shard(ModelDirectory whole) throws Exception {
        copyOfTinyBert(directory);
        Files.delete(directory.resolve("model.safetensors"));
        var parts = List.of(new ArrayList<TensorView>(), new ArrayList<TensorView>());
        var index = JsonFiles.JSON.createObjectNode();
        var map = index.putObject("weight_map");
        int i = 0;
        for (TensorView tensor : whole.tensors().values()) {
            int part = i++ % 2;
            parts.get(part).add(tensor);
            map.put(tensor.name(), "model-" + part + ".safetensors");
        }
        for (int part = 0; part < 2; part++) {
            SafetensorsWriter.write(
                    directory.resolve("model-" + part + ".safetensors"),
                    parts.get(part),
                    Map.of("format", "pt"));
        }
        Files.write(
                directory.resolve("model.safetensors.index.json"),
                JsonFiles.JSON.writeValueAsBytes(index));
    }

    @Test
    void anIndexMustNotPointElsewhere() throws Exception {
        for (String name :
                List.of(
                        "../model.safetensors",
                        "/etc/x.safetensors",
                        "a\\b.safetensors",
                        "m.bin")) {
            shard(ModelDirectory.open(TINY_BERT));
            edit(
                    directory.resolve("model.safetensors.index.json"),
                    json -> ((ObjectNode) json.get("weight_map")).put("classifier.bias", name));
            assertThatThrownBy(() -> ModelDirectory.open(directory))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(
                            "names a shard ("
                                    + name
                                    + "), which must be a .safetensors file beside it.");
            Files.delete(directory.resolve("config.json"));
            Files.delete(directory.resolve("tokenizer.json"));
        }
    }

    @Test
    void anIndexMustAgreeWithItsShards() throws Exception {
        shard(ModelDirectory.open(TINY_BERT));
        Path index = directory.resolve("model.safetensors.index.json");
        edit(index, json -> ((ObjectNode) json.get("weight_map")).remove("classifier.bias"));
        assertThatThrownBy(() -> ModelDirectory.open(directory))
                .hasMessageContaining("must hold the tensors that model.safetensors.index.json");

        Files.delete(directory.resolve("model-1.safetensors"));
        assertThatThrownBy(() -> ModelDirectory.open(directory))
                .hasMessageContaining("model-1.safetensors) must exist");
    }

    @Test
    void sentenceTransformersSayHowToPoolAndHowLongATextMayBe() throws Exception {
        copyOfTinyBert(directory);
        SentenceTransformerFiles.write(directory, Pooling.CLS, 32);
        Files.writeString(
                directory.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 50}");

        var model = ModelDirectory.open(directory);

        assertThat(model.pooling()).isEqualTo(Pooling.CLS);
        assertThat(model.maxTokens()).hasValue(50);
    }

    @Test
    void refusesAPoolingItCannotDo() throws Exception {
        copyOfTinyBert(directory);
        SentenceTransformerFiles.write(directory, Pooling.CLS, 32);
        edit(
                directory.resolve("1_Pooling/config.json"),
                json -> json.put("pooling_mode_max_tokens", true));
        assertThatThrownBy(() -> ModelDirectory.open(directory))
                .hasMessageEndingWith(
                        "pools by [cls_token, max_tokens], must by mean, mean_sqrt_len_tokens, cls or lasttoken alone.");

        Files.writeString(
                directory.resolve("modules.json"),
                "[{\"path\":\"../elsewhere\",\"type\":\"sentence_transformers.models.Pooling\"}]");
        assertThatThrownBy(() -> ModelDirectory.open(directory))
                .hasMessageEndingWith(
                        "has a pooling path (../elsewhere), which must be a folder beside it.");
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        Path nowhere = directory.resolve("nowhere");
        assertThatThrownBy(() -> ModelDirectory.open(nowhere))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Model (" + nowhere + ") must be a directory.");
        assertThatThrownBy(() -> ModelDirectory.open(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("config.json) must exist.");

        copyOfTinyBert(directory);
        Files.delete(directory.resolve("tokenizer.json"));
        assertThatThrownBy(() -> ModelDirectory.open(directory).openTokenizer())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokenizer.json) must exist. Maybe");
        assertThatThrownBy(() -> ModelDirectory.open(directory).tensor("bert.x"))
                .hasMessage("Model " + directory + " must have tensor bert.x.");

        Files.delete(directory.resolve("model.safetensors"));
        assertThatThrownBy(() -> ModelDirectory.open(directory))
                .hasMessage(
                        "Model "
                                + directory
                                + " must have model.safetensors or model.safetensors.index.json.");
        Files.write(directory.resolve("pytorch_model.bin"), new byte[9]);
        assertThatThrownBy(() -> ModelDirectory.open(directory))
                .hasMessageContaining("has its weights as a pickle (pytorch_model.bin)");
    }

    @Test
    void brokenFilesAreNamed() throws Exception {
        copyOfTinyBert(directory);
        Path weights = directory.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> ModelDirectory.open(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(weights + ": The tensors end at ");

        Files.writeString(directory.resolve("config.json"), "{\"model_type\":");
        assertThatThrownBy(() -> ModelDirectory.open(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.json) must be JSON: ");
    }
}
