package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real model from the jar of Maven Central. */
class MiniLmImportTest {

    /** The same tensors, converted from the same ONNX in Python and hashed there, give this. */
    private static final String HASH =
            "6e3afadbef35dea2419d2b1adefac57c77f569d79936b927137752df26569c73";

    @TempDir static Path cache;

    private static ModelDirectory model;

    @BeforeAll
    static void locate() throws Exception {
        System.setProperty(ModelLocator.CACHE_PROPERTY, cache.toString());
        model = ModelDirectory.open(ModelLocator.locate(ModelLocator.MINI_LM));
    }

    @AfterAll
    static void restore() {
        System.clearProperty(ModelLocator.CACHE_PROPERTY);
    }

    @Test
    void theConfigurationIsReadFromTheGraph() {
        assertThat(model.config())
                .isEqualTo(
                        new BertConfig(
                                384,
                                6,
                                12,
                                1536,
                                30522,
                                512,
                                2,
                                1e-12,
                                "gelu",
                                0,
                                List.of("BertModel"),
                                List.of("LABEL_0", "LABEL_1")));
        assertThat(model.pooling()).isEqualTo(Pooling.MEAN);
    }

    @Test
    void theTensorsAreThoseOfBertModel() {
        assertThat(model.tensors()).hasSize(5 + 6 * 16 + 2);
        assertThat(model.tensor("encoder.layer.5.intermediate.dense.weight").shape())
                .containsExactly(1536L, 384L);
        assertThat(model.tensor("encoder.layer.5.output.dense.weight").shape())
                .containsExactly(384L, 1536L);
        assertThat(model.tensor("pooler.dense.weight").shape()).containsExactly(384L, 384L);
        assertThat(model.tensors().values().stream().mapToLong(t -> t.elements()).sum())
                .as("parameters of all-MiniLM-L6-v2")
                .isEqualTo(22_713_216);
        assertThat(model.hash()).isEqualTo(HASH);
    }

    @Test
    void theTokenizerNeitherPadsNorTruncates() throws Exception {
        try (var tokenizer = model.openTokenizer()) {
            assertThat(tokenizer.encode("Hello, world!", null, 128).ids())
                    .containsExactly(101, 7592, 1010, 2088, 999, 102);
            assertThat(tokenizer.encode("word ".repeat(300), null, 512).length()).isEqualTo(302);
        }
    }

    @Test
    void aSecondUseMakesNothing() throws Exception {
        var before = Files.getLastModifiedTime(model.path().resolve("model.safetensors"));
        assertThat(ModelLocator.locate(ModelLocator.MINI_LM)).isEqualTo(model.path());
        assertThat(Files.getLastModifiedTime(model.path().resolve("model.safetensors")))
                .isEqualTo(before);
        try (var left = Files.list(cache)) {
            assertThat(left).containsExactly(model.path());
        }
    }
}
