package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Without the check, what is refused here ends the process: see {@link AddedTokenCheck}. */
class AddedTokenCheckTest {

    private static final String DEBERTA =
            "{'type': 'Sequence', 'normalizers': [{'type': 'Replace', 'pattern': {'Regex':"
                    + " '\\\\s{2,}|[\\\\n\\\\r\\\\t]'}, 'content': ' '}, {'type': 'NFC'}, {'type':"
                    + " 'Strip', 'strip_left': false, 'strip_right': true}]}";
    private static final String TEXT = "a caf\u00e9 \u4e2d\u2019 \n \n  x";

    @TempDir private Path dir;

    private final ObjectNode json = bert();
    private int nextId = json.at("/model/vocab").size();

    private static ObjectNode bert() {
        return (ObjectNode) TinyModels.json(TinyModels.bert().resolve("tokenizer.json"));
    }

    private void add(
            String content, boolean lstrip, boolean rstrip, boolean normalized, boolean special) {
        var token = new AddedToken(content, false, lstrip, rstrip, normalized, special);
        json.withArray("added_tokens").add(token.json(nextId++));
    }

    private Tokens encode() throws IOException {
        Path file = Files.writeString(dir.resolve("tokenizer.json"), json.toString());
        try (var tokenizer = TextTokenizer.open(file)) {
            return tokenizer.encode(TEXT, null, 64);
        }
    }

    private void assertRefused(String written, String rule) {
        assertThatThrownBy(this::encode)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Added token (\"" + written + "\") must " + rule);
    }

    @ParameterizedTest
    @CsvSource({
        "200D, \\u200D",
        "FE0F, \\uFE0F",
        "301, \\u0301",
        "FFFD, \\uFFFD",
        "0, \\u0000",
        "AD, \\u00AD"
    })
    void nothingOfItIsLeftInAnUncasedBert(String point, String written) {
        add(Character.toString(Integer.parseInt(point, 16)), false, false, true, false);
        assertRefused(written, "be something when it is normalized");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingOfItIsLeftInADeberta(boolean special) {
        json.set("normalizer", TinyModels.parse(DEBERTA.replace('\'', '"')));
        add("\n", false, false, true, special);
        assertRefused("\\n", "be something when it is normalized");
    }

    @Test
    void whatIsNotNormalizedIsTaken() throws IOException {
        json.set("normalizer", TinyModels.parse(DEBERTA.replace('\'', '"')));
        add("\n", false, false, false, false);
        assertThat(encode().ids()).contains(nextId - 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void spaceThatMayLieInTheSpaceOfAnother(boolean normalized) {
        json.putNull("normalizer");
        add("\u00e9", false, true, normalized, false);
        add("\n", true, false, normalized, false);
        assertRefused("\\n", "be more than space or have lstrip = false");
    }

    @Test
    void spaceIsFoundAsItIsNormalized() {
        json.set(
                "normalizer",
                TinyModels.parse(
                        "{\"type\": \"Replace\", \"pattern\": {\"String\": \"x\"}, \"content\":"
                                + " \" \"}"));
        add("\u00e9", false, true, true, false);
        add("x", true, false, true, false);
        assertRefused("x", "be more than space");
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, true", // takes all space itself
        "false, false, true", // takes none
        "false, true, true", // takes what is behind it
        "true, false, false" // is looked for before the other
    })
    void otherSpaceIsTaken(boolean lstrip, boolean rstrip, boolean normalized) throws IOException {
        json.putNull("normalizer");
        add("\u00e9", false, true, true, false);
        add("\n", lstrip, rstrip, normalized, false);
        assertThat(encode().ids()).isNotEmpty();
    }
}
