package io.flinkpeft.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TargetMatcherTest {

    private static final TargetMatcher SMALL =
            new TargetMatcher(
                    "bert",
                    List.of("layer.0.query", "layer.0.value", "layer.1.query", "layer.1.value"),
                    List.of("layer.0", "layer.1", "norm"));

    static Stream<JsonNode> meansTheLayersThatPeftAdapts() throws Exception {
        var cases = new ArrayList<JsonNode>();
        Golden.json("matching.json").get("cases").forEach(cases::add);
        assertThat(cases).hasSizeGreaterThan(60);
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource
    void meansTheLayersThatPeftAdapts(JsonNode golden) throws Exception {
        String shape = golden.get("model").asText() + "-" + golden.get("layers").asText();
        JsonNode modules = Golden.json("matching.json").get("modules").get(shape);
        var matcher =
                new TargetMatcher(
                        "bert",
                        Golden.strings(modules.get("linear")),
                        Golden.strings(modules.get("others")));
        String arguments =
                ((ObjectNode) golden.get("arguments")).put("peft_type", "LORA").toString();

        if (golden.has("error")) {
            assertThatThrownBy(
                            () ->
                                    matcher.match(
                                            (LoraConfig) PeftConfigJson.read(arguments).config()))
                    .isInstanceOf(IllegalArgumentException.class);
            return;
        }
        var config = (LoraConfig) PeftConfigJson.read(arguments).config();
        var expected = new ArrayList<LoraTarget>();
        for (JsonNode target : golden.get("targets")) {
            expected.add(
                    new LoraTarget(
                            target.get("name").asText(),
                            target.get("rank").asInt(),
                            target.get("alpha").asDouble(),
                            target.get("scaling").asDouble()));
        }
        assertThat(matcher.match(config)).isEqualTo(expected);
        assertThat(matcher.match(matcher.resolved(config))).isEqualTo(expected);
        assertThat(PeftConfigJson.write(matcher.resolved(config), ""))
                .isEqualTo(golden.get("saved").asText());
    }

    @Test
    void whatIsMeantAndCannotBeAdaptedIsNamed() {
        assertThatThrownBy(() -> SMALL.match(config(TargetModules.named("query", "norm"))))
                .hasMessage(
                        "target_modules has norm, which means norm, must mean linear layers that"
                                + " can be adapted.");
        assertThatThrownBy(() -> SMALL.match(config(TargetModules.named("q_proj"))))
                .hasMessage(
                        "target_modules [q_proj] must mean at least one layer of the model, such as"
                                + " layer.0.query.");
    }

    @Test
    void whatPeftWouldAdaptAndWeDoNotIsLeftOutOfWhatItReads() {
        var matcher =
                new TargetMatcher(
                        "bert", List.of("layer.0.dense", "layer.1.dense"), List.of("pooler.dense"));
        var dense = config(TargetModules.named("dense").inLayers(1));
        assertThat(matcher.resolved(dense)).isEqualTo(dense);

        var everywhere = config(TargetModules.named("dense"));
        assertThat(matcher.match(everywhere)).hasSize(2);
        assertThat(matcher.resolved(everywhere).targets())
                .isEqualTo(TargetModules.named("layer.0.dense", "layer.1.dense"));
    }

    @Test
    void manyNamesAreCompacted() {
        var modules = new ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            for (String name :
                    List.of("query", "key", "value", "intermediate.dense", "out.dense")) {
                modules.add("layer." + i + "." + name);
            }
        }
        var all = config(TargetModules.ALL_LINEAR);
        assertThat(new TargetMatcher("bert", modules, List.of()).resolved(all).targets())
                .isEqualTo(TargetModules.named("query", "key", "value", "dense"));
        assertThat(
                        new TargetMatcher("bert", modules, List.of("pooler.dense"))
                                .resolved(all)
                                .targets())
                .isEqualTo(
                        TargetModules.named(
                                "query", "key", "value", "intermediate.dense", "out.dense"));
    }

    @Test
    void anUnknownArchitectureHasNoDefault() {
        var matcher = new TargetMatcher("mamba", List.of("in_proj"), List.of());
        assertThatThrownBy(() -> matcher.match(LoraConfig.DEFAULT))
                .hasMessage(
                        "target_modules must be given for model_type (mamba), which has no"
                                + " default.");
    }

    @Test
    @Timeout(20)
    void aPatternThatNeverEndsIsRefused() {
        assertThatThrownBy(
                        () ->
                                new TargetMatcher("bert", List.of("a".repeat(60)), List.of())
                                        .match(config(TargetModules.matching("((a|a)*c?)*b"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Pattern (((a|a)*c?)*b) takes too long to match aaa");
    }

    private static LoraConfig config(TargetModules targets) {
        return LoraConfig.DEFAULT.withTargets(targets);
    }
}
