package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.testing.ChangedModel;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file holds is compared with what config.json says. */
class CheckpointTensorsTest {

    @TempDir Path directory;

    private static void load(ModelDirectory directory) {
        BaseModels.acquire(directory, TorchDevice.of("cpu"), FrozenDtype.FP32).close();
    }

    private ModelDirectory changed(String model, String rest) throws IOException {
        String change = "{\"model\": \"" + model + "\", " + rest.replace('\'', '"') + "}";
        return ModelDirectory.open(ChangedModel.write(TinyModels.parse(change), directory));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '^',
            textBlock =
                    """
                    bert; 'intermediate_size': 24; \
                    bert.encoder.layer.0.intermediate.dense.weight; [32, 16]; [24, 16]
                    bert; 'max_position_embeddings': 128; \
                    bert.embeddings.position_embeddings.weight; [64, 16]; [128, 16]
                    roberta; 'vocab_size': 90; \
                    roberta.embeddings.word_embeddings.weight; [104, 16]; [90, 16]
                    deberta-v2; 'position_buckets': 16; \
                    deberta.encoder.rel_embeddings.weight; [16, 16]; [32, 16]
                    gpt2; 'n_positions': 32; transformer.wpe.weight; [64, 16]; [32, 16]
                    llama; 'num_key_value_heads': 4; \
                    model.layers.0.self_attn.k_proj.weight; [16, 32]; [32, 32]
                    qwen3; 'head_dim': 4; model.layers.0.self_attn.q_proj.weight; [32, 16]; [16, 16]
                    t5; 'relative_attention_num_buckets': 16; \
                    encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight; [8, 4]; [16, 4]
                    bart; 'max_position_embeddings': 128; \
                    model.encoder.embed_positions.weight; [66, 16]; [130, 16]
                    bert-mlm; 'vocab_size': 85; bert.embeddings.word_embeddings.weight; [86, 16]; [85, 16]
                    """)
    void aTensorOfAnotherShapeIsRefused(
            String model, String config, String tensor, String has, String must) {
        assertThatThrownBy(() -> changed(model, "'config': {" + config + "}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Model " + directory + ": Tensor ")
                .hasMessageContaining(
                        "Tensor %s has shape %s, must have %s by config.json."
                                .formatted(tensor, has, must));
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        var model = changed("bert", "'tensors': [['drop', 'layer\\\\.1\\\\.output']]");

        assertThatThrownBy(() -> load(model))
                .hasMessage(
                        "Model "
                                + directory
                                + " has no tensor encoder.layer.1.output.dense.weight,"
                                + " encoder.layer.1.output.dense.bias,"
                                + " encoder.layer.1.output.LayerNorm.weight and 1 more, a bert"
                                + " model must have them.");
    }

    @Test
    void namesOfAWrapperAreFound() throws IOException {
        var model = changed("gpt2", "'tensors': [['rename', '^', '_orig_mod.']]");

        assertThatThrownBy(() -> load(model))
                .hasMessageContaining("has no tensor wte.weight, wpe.weight")
                .hasMessageEndingWith(
                        "Maybe rename _orig_mod.transformer.wte.weight and its kind.");
    }

    @Test
    void whatNobodyReadsIsNamed() throws IOException {
        var model =
                changed(
                        "bert",
                        "'tensors': [['wave', 'bert.extra.weight', [2], 1], ['wave',"
                                + " 'bert.embeddings.position_ids', [1, 64], 1]]");

        assertThat(model.notes())
                .containsExactly(
                        "Model "
                                + directory
                                + " has tensors that are not read: bert.extra.weight.");
    }

    @ParameterizedTest
    @CsvSource({
        "bert",
        "bert-mlm",
        "bert-qa",
        "bert-token",
        "roberta",
        "roberta-mlm",
        "deberta-v2",
        "deberta-v2-mlm",
        "gpt2",
        "gpt2-cls",
        "llama",
        "llama-cls",
        "qwen2",
        "qwen3-qa",
        "t5",
        "t5-cls",
        "t5-gated",
        "t5-token",
        "bart",
        "bart-cls",
        "bart-qa"
    })
    void ofAModelOfTransformersEverythingIsRead(String architecture) {
        assertThat(TinyModels.gridModel(architecture).notes()).isEmpty();
    }

    @Test
    void twoNamesOfOneTensorAreRefused() {
        String norm = "bert.embeddings.LayerNorm.";

        assertThatThrownBy(
                        () ->
                                changed(
                                        "bert",
                                        "'tensors': [['copy', '"
                                                + norm
                                                + "weight', '"
                                                + norm
                                                + "gamma', 2]]"))
                .hasMessage(
                        "Model "
                                + directory
                                + ": Tensors "
                                + norm
                                + "gamma and "
                                + norm
                                + "weight are one to transformers, the file must have one of"
                                + " them.");
    }

    @Test
    void wordsThatDifferBetweenTheSidesAreRefused() {
        assertThatThrownBy(
                        () ->
                                changed(
                                        "t5",
                                        "'tensors': [['copy', 'shared.weight',"
                                                + " 'encoder.embed_tokens.weight', 2]]"))
                .hasMessageContaining(
                        "Tensor encoder.embed_tokens.weight has other values than shared.weight,"
                                + " must have the same.");
    }

    @Test
    void anOutputOfItsOwnMakesTheModelUntied() throws IOException {
        var model =
                changed(
                        "gpt2",
                        "'tensors': [['copy', 'transformer.wte.weight', 'lm_head.weight', 2]]");

        assertThat(model.architecture().vocabulary()).hasValue("lm_head.weight");
    }

    /** transformers would begin it at random; that of T5 it ties all the same. */
    @ParameterizedTest
    @CsvSource({
        "gpt2, false, false",
        "bart, false, false",
        "t5, false, true",
        "gpt2, true, true",
        "bart, true, true",
        "t5, true, true"
    })
    void anOutputOfItsOwnThatTheFileLacksIsNotTheWords(String model, boolean tied, boolean has)
            throws IOException {
        var directory = changed(model, "'config': {'tie_word_embeddings': " + tied + "}");

        try (var lease = BaseModels.acquire(directory, TorchDevice.of("cpu"), FrozenDtype.FP32)) {
            assertThat(lease.model().hasVocabulary()).isEqualTo(has);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bert-mlm, false", "roberta-mlm, false", "deberta-v2-mlm, false",
        "bert-mlm, true", "roberta-mlm, true", "deberta-v2-mlm, true"
    })
    void norIsThatOfAMask(String model, boolean tied) throws IOException {
        var directory = changed(model, "'config': {'tie_word_embeddings': " + tied + "}");

        try (var lease = BaseModels.acquire(directory, TorchDevice.of("cpu"), FrozenDtype.FP32)) {
            assertThat(lease.model().hasMaskedLm()).isEqualTo(tied);
        }
    }

    @Test
    void aTokenizerOfMoreTokensThanTheModelIsSaid() throws IOException {
        var model = changed("bert", "'tensors': []");
        Path file = directory.resolve("tokenizer.json");
        ModelDirectories.edit(
                file,
                json ->
                        json.withArray("added_tokens")
                                .addObject()
                                .put("id", 86)
                                .put("content", "<new>"));

        assertThat(model.notes())
                .containsExactly(
                        "Model "
                                + directory
                                + " has vocab_size (86) and a tokenizer of 87 tokens: a text with"
                                + " one of the others cannot be used.");
        Files.delete(file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '^',
            textBlock =
                    """
                    {'0': 'a', '1': 'a', '2': 'b'}; {}; must have another name for each id.
                    {'0': 'a', '1': 'b', '2': 'c'}; {'a': 1, 'b': 0, 'c': 2}; \
                    label2id has 1 for a, must have 0 as id2label.
                    {'0': 'a', '1': 'b', '3': 'c'}; {}; must have a name for each id from 0 on.
                    """)
    void labelsAreOneToOne(String id2label, String label2id, String message) {
        String labels = "'id2label': " + id2label + ", 'label2id': " + label2id;

        assertThatThrownBy(() -> changed("bert", "'config': {" + labels + "}"))
                .hasMessageEndingWith(message);
    }
}
