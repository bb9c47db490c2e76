package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words among tokens, of texts with odd white space and characters that tokenizers drop. */
class WordsTest {

    private static final Path GRID = Path.of("target/test-classes/golden/grid");

    private static final List<String> TEXTS =
            List.of(
                    "a b",
                    "a b ",
                    "a b  ",
                    " a b",
                    "  a  b",
                    "a\tb\n",
                    "a b\n\n",
                    "",
                    " ",
                    "\n",
                    "a\u00a0b",
                    "a b\u00a0",
                    "a b \u00a0",
                    "a \u2003b",
                    "a b\u2028",
                    "a b\u001c",
                    "\u001ca b",
                    "a b\u200b",
                    "a b \u200b",
                    "\ud83d\ude00 b ",
                    "e\u0301 b ",
                    "\ufb01 x ",
                    "a b\u3000",
                    "\u3000a b",
                    "a b \u0000",
                    "a \u0000 b",
                    "a b\u0085",
                    "a\u0085b",
                    "\u00ad b",
                    "a \u00ad b",
                    "\u200d",
                    "a \ufeff",
                    "\u0001 b",
                    "a \u0001",
                    "<s> b",
                    "a </s> ",
                    "[SEP] b",
                    "a [CLS] ",
                    "<|endoftext|> b ",
                    "a \ud83d",
                    "\udc00 b ",
                    "\u2029\u2029",
                    "a\r\n b \r\n",
                    " \u200b ",
                    "<mask> ");

    private static Path tokenizer(String model) {
        return GRID.resolve(model).resolve("model/tokenizer.json");
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
                "t5-token",
                "bart"
            })
    void aTextHasAsManyWordsAsParts(String model) throws Exception {
        try (var tokenizer = TextTokenizer.open(tokenizer(model))) {
            for (String text : TEXTS) {
                int words = Words.split(text).size();
                int all = tokenizer.words(text, 64).firsts().length;
                assertThat(all).as("%s: %s", model, text).isEqualTo(words);
                for (int max : new int[] {4, 5, 8}) {
                    Words cut = tokenizer.words(text, max);
                    int[] firsts = cut.firsts();
                    assertThat(cut.skipped() + firsts.length).isLessThanOrEqualTo(all);
                    assertThat(Arrays.stream(firsts).filter(i -> i != Words.NO_TOKEN).toArray())
                            .isSorted();
                    assertThat(Arrays.stream(firsts)).allMatch(i -> i < cut.tokens().length());
                }
            }
        }
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
                "t5-token",
                "bart"
            })
    void spaceAroundWordsDoesNotMoveThem(String model) throws Exception {
        try (var tokenizer = TextTokenizer.open(tokenizer(model))) {
            for (String text : List.of("a b ", "a b  ", "a b\n", "a b\n\n", "a b \t ")) {
                Words words = tokenizer.words(text, 64);
                assertThat(words.firsts())
                        .as("%s: %s", model, text)
                        .isEqualTo(tokenizer.words("a b", 64).firsts());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "a \u200b, 1, -1",
                "\u200b a, -1, 1",
                "a \ue000, 1, -1",
                "\ufffd a, -1, 1",
                "a \u0345, 1, -1",
                "\u200b \ufeff, -1, -1"
            })
    void aWordOfWhichNothingIsLeftHasNoToken(String text, int first, int second) throws Exception {
        try (var tokenizer = TextTokenizer.open(tokenizer("bert-token"))) {
            assertThat(tokenizer.words(text, 64).firsts()).containsExactly(first, second);
            Words between = tokenizer.words("x " + text + " x", 64);
            assertThat(between.firsts()).hasSize(4).startsWith(1);
            assertThat(between.firsts()[1]).isEqualTo(first < 0 ? -1 : 2);
            assertThat(between.firsts()[2]).isEqualTo(second < 0 ? -1 : 2);
        }
    }

    @Test
    void wordsWithoutATokenStayBetweenThoseThatStay() throws Exception {
        try (var tokenizer = TextTokenizer.open(tokenizer("bert-token"))) {
            String text = "\u200b a \u200b a \u200b a a";
            assertThat(tokenizer.words(text, 64).firsts()).containsExactly(-1, 1, -1, 2, -1, 3, 4);
            assertThat(tokenizer.words(text, 4).firsts()).containsExactly(-1, 1, -1, 2, -1);
        }
    }
}
