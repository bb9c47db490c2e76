package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.testing.ChangedModel;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How far a text is continued on a model of few positions: as one of many continues it, up to the
 * last token that the positions can give.
 */
class GenerationLengthTest {

    private static final int NEW_TOKENS = 6;
    private static final int MANY = 64;
    private static final String TEXT = "Heavy rain falls on the coach of the team";

    @TempDir private Path dir;

    private static Path positions(String model, int positions, Path target) throws IOException {
        Files.createDirectory(target);
        String change =
                model.equals("gpt2")
                        ? "{'model': 'gpt2', 'config': {'n_positions': %1$d}, 'tensors':"
                                + " [['rows', 'transformer.wpe.weight', %1$d]]}"
                        : "{'model': 'llama', 'config': {'max_position_embeddings': %1$d}}";
        return ChangedModel.write(
                TinyModels.parse(String.format(change, positions).replace('\'', '"')), target);
    }

    private record Result(JsonNode line, List<String> err) {

        List<Integer> ids() {
            List<Integer> ids = new ArrayList<>();
            line.get("generated_ids").forEach(id -> ids.add(id.asInt()));
            return ids;
        }

        String finish() {
            return line.get("finish_reason").asText();
        }
    }

    private Result predict(String model, int positions) throws IOException {
        Path input = dir.resolve("in.jsonl");
        Files.writeString(input, "{\"text\": \"" + TEXT + "\"}\n");
        Path output = dir.resolve("out" + positions + ".jsonl");
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        positions(model, positions, dir.resolve("model" + positions)),
                        "--input",
                        input,
                        "--output",
                        output,
                        "--max-new-tokens",
                        NEW_TOKENS);
        return new Result(new ObjectMapper().readTree(Files.readString(output)), run.err());
    }

    private static int length(String model) throws IOException {
        Path file = TinyModels.golden().resolve("grid/" + model + "/model/tokenizer.json");
        try (var tokenizer = TextTokenizer.open(file)) {
            return tokenizer.encode(TEXT, null, MANY).length();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void theLastTokenNeedsNoPosition(String model) throws IOException {
        Result many = predict(model, MANY);
        assertThat(many.ids()).hasSize(NEW_TOKENS);

        Result enough = predict(model, length(model) + NEW_TOKENS - 1);

        assertThat(enough.ids()).isEqualTo(many.ids());
        assertThat(enough.finish()).isEqualTo("max-new-tokens");
        assertThat(enough.line().has("truncated")).isFalse();
        assertThat(enough.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void whereTheModelEndsIsSaid(String model) throws IOException {
        List<Integer> all = predict(model, MANY).ids();
        for (int added : new int[] {1, NEW_TOKENS - 1}) {
            int positions = length(model) + added - 1;

            Result cut = predict(model, positions);

            assertThat(cut.ids()).isEqualTo(all.subList(0, added));
            assertThat(cut.finish()).isEqualTo("positions");
            assertThat(cut.line().get("truncated").asBoolean()).isTrue();
            assertThat(cut.err())
                    .containsExactly(
                            "1 text was continued by fewer tokens than --max-new-tokens, as the"
                                    + " model has "
                                    + positions
                                    + " positions.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void aTextThatIsCutIsContinuedByOneToken(String model) throws IOException {
        Result cut = predict(model, length(model) - 1);

        assertThat(cut.ids()).hasSize(1);
        assertThat(cut.finish()).isEqualTo("positions");
        assertThat(cut.line().get("truncated").asBoolean()).isTrue();
        assertThat(cut.err()).hasSize(2);
    }
}
