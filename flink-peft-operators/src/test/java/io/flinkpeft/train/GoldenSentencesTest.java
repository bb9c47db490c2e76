package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.Vector;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against sentence-transformers: see {@code golden/generate_sentences.py}. */
class GoldenSentencesTest {

    // single precision on both sides, other orders of summation
    private static final double TOLERANCE = 1e-5;

    @TempDir private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"mean", "cls", "sqrt", "last", "dense", "two", "sigmoid"})
    void vectorsAreThoseOfSentenceTransformers(String name) throws IOException {
        JsonNode golden = TinyModels.json(TinyModels.golden().resolve("sentences.json"));
        JsonNode chain = golden.get("chains").get(name);
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(TinyModels.bert().resolve(file), dir.resolve(file));
        }
        for (var file : chain.get("files").properties()) {
            Path path = dir.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue().binaryValue());
        }
        try (ModelPredictor predictor = ModelPredictor.open(dir.toString(), "cpu", "fp32", 64)) {
            List<Request<ServingAdapter>> requests =
                    StreamSupport.stream(golden.get("texts").spliterator(), false)
                            .map(text -> new Request<ServingAdapter>(null, text.asText(), null))
                            .toList();
            List<Vector> embeddings = Predicted.vectors(predictor, requests);
            for (int i = 0; i < requests.size(); i++) {
                float[] vector = embeddings.get(i).values();
                JsonNode expected = chain.get("vectors").get(i);
                assertThat(vector).hasSize(expected.size());
                for (int j = 0; j < vector.length; j++) {
                    assertThat((double) vector[j])
                            .isCloseTo(expected.get(j).asDouble(), within(TOLERANCE));
                }
            }
        }
    }
}
