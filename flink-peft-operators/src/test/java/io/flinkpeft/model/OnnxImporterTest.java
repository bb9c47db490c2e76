package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not a BERT model; {@link MiniLmImportTest} has one that is. */
class OnnxImporterTest {

    @TempDir Path directory;

    private void convert(byte[] onnx) throws Exception {
        Path graph = Files.write(directory.resolve("m.onnx"), onnx);
        Path tokenizer = ModelDirectories.TINY_BERT.resolve("tokenizer.json");
        Path target = Files.createDirectories(directory.resolve("target"));
        OnnxImporter.convert(graph, tokenizer, Pooling.MEAN, target);
    }

    @Test
    void refusesBytesThatAreNoGraph() {
        assertThatThrownBy(() -> convert(new byte[] {9, 1, 2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "File (" + directory.resolve("m.onnx") + ") must be an ONNX model: ");
    }

    @Test
    void refusesAGraphOfAnotherArchitecture() throws Exception {
        assertThatThrownBy(() -> convert(new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The graph must have a weight embeddings.word_embeddings.weight.");
        assertThat(directory.resolve("target")).isEmptyDirectory();
    }
}
