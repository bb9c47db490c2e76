package io.flinkpeft.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.model.Tokens;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordLabelsTest {

    private static final Path GRID = Path.of("target/test-classes/golden/grid");
    private static final List<String> LABELS = List.of("O", "X", "Y");

    private final Task task = new TokenClassificationTask();

    private static ExampleContent example(String text, String label) {
        return ExampleContent.labelled(text, label);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-token",
                "roberta-token",
                "gpt2-token",
                "llama-token",
                "qwen2-token",
                "qwen3-token",
                "deberta-v2-token",
                "t5-token"
            })
    void spaceInATextMovesNoLabel(String model) throws Exception {
        Path file = GRID.resolve(model).resolve("model/tokenizer.json");
        try (var tokenizer = TextTokenizer.open(file)) {
            var encoder =
                    new TextEncoder(
                            tokenizer,
                            Integer.MAX_VALUE,
                            64,
                            false,
                            -1,
                            true,
                            Tokens.of(),
                            false,
                            Tokens.of());
            for (String text :
                    List.of(
                            "a b ",
                            " a b",
                            "a  b",
                            "a\tb\n",
                            "a b\u001c",
                            "a b\u2028",
                            "a\r\nb\r\n")) {
                ExampleContent example = example(text, "X Y");
                assertThat(task.refusal(example, List.of())).as(text).isEmpty();
                ModelInput input = task.encode(example, LABELS, encoder);
                assertThat(input.targets()).as("%s: %s", model, text).containsExactly(1, 2);
            }
            for (String text : List.of("", " ", "\n", "\u3000", "\u001c ")) {
                ModelInput input = task.encode(example(text, null), LABELS, encoder);
                assertThat(input.targets()).as("%s: %s", model, text).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8})
    void labelsOfWordsThatWereCutOffAreNotAsked(int maxTokens) throws Exception {
        Path file = GRID.resolve("bert-token/model/tokenizer.json");
        try (var tokenizer = TextTokenizer.open(file)) {
            var encoder =
                    new TextEncoder(
                            tokenizer,
                            Integer.MAX_VALUE,
                            maxTokens,
                            false,
                            -1,
                            true,
                            Tokens.of(),
                            false,
                            Tokens.of());
            var example = example("a b a b a b a b ", "O X Y O X Y O X");
            ModelInput input = task.encode(example, LABELS, encoder);
            long[] all = {0, 1, 2, 0, 1, 2, 0, 1};
            assertThat(input.targets()).isEqualTo(Arrays.copyOf(all, maxTokens - 2));
            assertThat(input.truncated()).isTrue();
        }
    }

    @Test
    void aWordWithoutATokenHasNullInItsPlace() throws Exception {
        Path file = GRID.resolve("bert-token/model/tokenizer.json");
        try (var tokenizer = TextTokenizer.open(file)) {
            var encoder =
                    new TextEncoder(
                            tokenizer,
                            Integer.MAX_VALUE,
                            64,
                            false,
                            -1,
                            true,
                            Tokens.of(),
                            false,
                            Tokens.of());
            ModelInput input =
                    task.encode(example("\u200b a \u200b b", "O X O Y"), LABELS, encoder);
            assertThat(input.outputPositions()).containsExactly(1, 2);
            assertThat(input.targets()).containsExactly(1, 2);

            float[][] outputs = {{0, 9, 0}, {0, 0, 9}};
            var decoded = (WordLabels) task.decode(input, outputs, LABELS);

            assertThat(decoded.predicted()).isEqualTo("\u2205 X \u2205 Y");
            assertThat(decoded.score()).isGreaterThan(0.9);
            assertThat(decoded.isFinite()).isTrue();
            assertThat(WordLabels.COLUMNS.get(0).value().apply(decoded))
                    .isEqualTo(Arrays.asList(null, "X", null, "Y"));
            var json = new StringWriter();
            try (var generator = new JsonFactory().createGenerator(json)) {
                generator.writeStartObject();
                decoded.write(generator);
                generator.writeEndObject();
            }
            assertThat(json.toString())
                    .startsWith("{\"labels\":[null,\"X\",null,\"Y\"],\"scores\":[null,0.")
                    .contains("\"logits\":[null,[0.0,9.0,0.0],null,[");
        }
    }
}
