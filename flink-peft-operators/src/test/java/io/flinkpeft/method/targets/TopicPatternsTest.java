package io.flinkpeft.method.targets;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.file.PeftConfigJson;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPatternsTest {

    private static String lora(String key, String value) {
        return "{\"peft_type\":\"LORA\",\"" + key + "\":" + value + "}";
    }

    private static String quoted(String expression) {
        return "\"" + expression + "\"";
    }

    static Stream<String> hostile() {
        return Stream.of(
                lora("target_modules", quoted("x*".repeat(8_000))),
                lora("target_modules", quoted("^".repeat(16_000))),
                lora("target_modules", quoted("((.){1000}){1000}")),
                lora("target_modules", quoted("(".repeat(4_000) + "a" + ")".repeat(4_000))),
                lora("target_modules", quoted("((){100000}){100000}")),
                lora("target_modules", quoted("(?:(?:a{99}){99}){9}")),
                lora("target_modules", quoted("(a{60,}){70,}")),
                lora("target_modules", quoted("a{99999999999999999999}")),
                lora("target_modules", quoted("(a+)+\\\\1")),
                lora("target_modules", quoted("(?=(a+)+)b")),
                lora("exclude_modules", quoted("(?:a|b)".repeat(1_000))),
                lora("modules_to_save", "[" + quoted("(a*)*".repeat(500)) + "]"),
                lora("modules_to_save", "[\"a)(b\"]"),
                lora("layers_pattern", "[" + quoted("h|".repeat(1_000)) + "]"),
                lora("rank_pattern", "{" + quoted("(x+x+)+y".repeat(100)) + ":2}"),
                lora("rank_pattern", "{" + many(".*.*.*x", 500) + "}"),
                lora("alpha_pattern", "{" + many("(?>a)", 2) + "}"),
                "{\"peft_type\":\"IA3\",\"feedforward_modules\":\"(a|aa)+\\\\1\"}");
    }

    private static String many(String expression, int times) {
        return Stream.iterate(0, i -> i + 1)
                .limit(times)
                .map(i -> quoted(expression + i) + ":2")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    @Timeout(600)
    void aHostilePatternIsRefusedBeforeItDoesAnyWork(String json) {
        assertThatThrownBy(() -> PeftConfigJson.readUntrusted(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Maybe name the layers.");
        assertThatThrownBy(() -> PeftConfigJson.readVersion(json))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"peft_type\":\"LORA\",\"target_modules\":\".*\\\\.(query|value)\"}",
                "{\"peft_type\":\"LORA\",\"rank_pattern\":{\"layer.0.attention.self.query\":4}}",
                "{\"peft_type\":\"LORA\",\"rank_pattern\":{\".*\\\\.[0-5]\\\\..*query\":4}}",
                "{\"peft_type\":\"LORA\",\"modules_to_save\":[\"classifier\",\"pooler\"]}",
                "{\"peft_type\":\"LORA\",\"target_modules\":[\"q\"],\"layers_to_transform\":[1],"
                        + "\"layers_pattern\":\"layers\"}"
            })
    void patternsThatPeoplesFilesHaveAreRead(String json) {
        assertThatCode(() -> PeftConfigJson.readUntrusted(json)).doesNotThrowAnyException();
    }
}
