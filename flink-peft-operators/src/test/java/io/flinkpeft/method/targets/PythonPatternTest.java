package io.flinkpeft.method.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonPatternTest {

    private static final List<String> NAMES =
            List.of(
                    "",
                    "a",
                    "ab",
                    "aab.b",
                    "encoder.layer.0.attention.self.query",
                    "encoder.layer.11.attention.output.dense",
                    "model.layers.3.self_attn.q_proj",
                    "transformer.h.7.mlp.c_proj",
                    "query",
                    "pooler.dense",
                    "lm_head",
                    "x-y.z_1");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "query",
                "a*",
                "a+b?",
                "(a|ab)(c|bcd)?",
                ".*\\.(query|value)",
                ".*layer\\.\\d+\\..*\\.(?:self|output)\\..*",
                "(.*\\.)?(dense|c_proj)",
                "[a-z.]+[0-9]{1,2}[^0-9]*",
                "(^|.*\\.)attention($|\\..*)",
                ".*[^.]\\bquery\\b",
                "(a*)*b.*",
                "(|a)+b?",
                "(a{2}|a){0,3}.?b",
                "((a?){3}){2}b*",
                "\\w+(\\.\\w+){3,}",
                ".*?\\.[^.]*\\.\\d+\\.",
                "x\\-y\\.z_\\d",
                "(?:(?:encoder|model)\\.)?layers?\\.[0-3]\\D*",
                "^.*$",
                "lm_head$|^query",
                "[\\w.]*s[e]l[f-f].*",
                "a{0}b{0,}|\\W?"
            })
    void aProgramMatchesWhatJavaMatches(String expression) {
        assertThat(PythonPattern.isLinear(expression)).isTrue();
        Pattern java = Pattern.compile(expression);
        for (String name : NAMES) {
            var pattern = PythonPattern.of(expression);
            assertThat(pattern.matchesAllOf(name)).isEqualTo(java.matcher(name).matches());
            assertThat(pattern.matchesStartOf(name)).isEqualTo(java.matcher(name).lookingAt());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".*?\\.[^.]*\\.(?P<idx>\\d+)\\.",
                "(?:^|.*?\\.)layers?\\.(?P<idx>\\d+)\\.",
                "(?:^|.*?\\.)(?:h|layers)\\.(?P<idx>\\d+)\\.",
                "(?:^|.*?\\.)a|b\\.(?P<idx>\\d+)\\.",
                ".*(?P<idx>\\d)",
                ".*?(?P<idx>\\d*)[a-z._]*"
            })
    void aProgramFindsTheGroupThatJavaFinds(String expression) {
        Pattern java = Pattern.compile(expression.replace("(?P<", "(?<"));
        for (String name : NAMES) {
            Matcher matcher = java.matcher(name);
            Optional<String> expected =
                    matcher.lookingAt()
                            ? Optional.ofNullable(matcher.group("idx"))
                            : Optional.empty();
            assertThat(PythonPattern.indexAtStartOf(name, expression)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)b", "(a)\\1", "a++", "(?>a)", "(?!pooler).*dense", "a{1001}"})
    void whatRe2DoesNotHaveIsLeftToJava(String expression) {
        assertThat(PythonPattern.isLinear(expression)).isFalse();
        assertThat(PythonPattern.of(expression)).isNotNull();
    }

    /** One of the characters in the brackets, and what stands behind them; Java reads others. */
    @ParameterizedTest
    @CsvSource({
        "[[a]], [], true",
        "[[a]], a, false",
        "[a&&b], a, true",
        "[a&&b], &, true",
        "[^[a], [, false",
        "[^[a], b, true",
    })
    void aClassIsReadAsPythonReadsIt(String expression, String name, boolean matches) {
        assertThat(PythonPattern.isLinear(expression)).isTrue();
        assertThat(PythonPattern.of(expression).matchesAllOf(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{,2}",
                "\\p{L}",
                "\\Qa.b\\E",
                "[[:alpha:]]",
                "(?U)a+",
                "(?<x>a)",
                "a)(b",
                "(?!a)[b[c]]",
                "(?!a)[b&&c]"
            })
    void whatAnotherEngineWouldReadOtherwiseIsRefused(String expression) {
        assertThat(PythonPattern.isLinear(expression)).isFalse();
        assertThatThrownBy(() -> PythonPattern.of(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Pattern (" + expression + ") must be a regular expression: ");
    }

    @Test
    void lookAroundsOfAFileStillWork() {
        assertThat(PythonPattern.of("(?!pooler).*dense").matchesAllOf("pooler.dense")).isFalse();
        assertThat(PythonPattern.of("(?!pooler).*dense").matchesAllOf("output.dense")).isTrue();
        assertThat(PythonPattern.of("(?P<x>a+)(?P=x)").matchesAllOf("aaaa")).isTrue();
        assertThatThrownBy(() -> PythonPattern.of("(a"))
                .hasMessage("Pattern ((a) must be a regular expression: Unclosed group.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"query", "dense", "self.query", "q.ery", "layer", "11", "x-y", "."})
    void aPlainNameMeansWhatItsExpressionMeans(String plain) {
        assertThat(PlainName.is(plain)).isTrue();
        for (String name : NAMES) {
            assertThat(PlainName.isEndOf(name, plain))
                    .isEqualTo(Pattern.matches("(.*\\.)?(" + plain + ")", name));
            assertThat(PlainName.isPartOf(name, plain))
                    .isEqualTo(
                            Pattern.compile("(^|.*\\.)" + plain + "($|\\..*)")
                                    .matcher(name)
                                    .lookingAt());
        }
    }

    @Test
    void theWorkOfAProgramIsBoundedByItsStepsAndTheName() {
        var slow = List.of("(a*)*c", "(a|a)*c", "(.*)*(.*)*x", "(a?){40}a{40}c", "((a?){9}){9}c");
        String name = "a".repeat(2_000);
        for (String expression : slow) {
            assertThat(PythonPattern.isLinear(expression)).isTrue();
            assertThat(PythonPattern.of(expression).matchesAllOf(name)).isFalse();
        }
    }
}
