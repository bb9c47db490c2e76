package io.flinkpeft.method.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.method.Golden;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.method.targets.TargetMatcher;
import io.flinkpeft.method.targets.TargetModules;
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
                                    LoraTarget.of(
                                            (LoraConfig) PeftConfigJson.read(arguments).config(),
                                            matcher))
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
        assertThat(LoraTarget.of(config, matcher)).isEqualTo(expected);
    }

    @Test
    void allLinearLayersAreWithoutTheOutputLayer() {
        var matcher =
                new TargetMatcher("llama", List.of("layers.0.q_proj", "lm_head"), List.of("norm"));
        var config = new LoraConfig(8, 8).withTaskType(TaskType.CAUSAL_LM);

        assertThat(matcher.match(config, TargetModules.ALL_LINEAR))
                .containsExactly("layers.0.q_proj");
        assertThat(matcher.match(config, TargetModules.named("lm_head")))
                .containsExactly("lm_head");
    }

    @Test
    void whatIsMeantAndCannotBeAdaptedIsNamed() {
        assertThatThrownBy(() -> match(SMALL, TargetModules.named("query", "norm")))
                .hasMessage(
                        "target_modules has norm, which means norm, must mean linear layers that"
                                + " can be adapted.");
        assertThatThrownBy(() -> match(SMALL, TargetModules.named("q_proj")))
                .hasMessage(
                        "target_modules [q_proj] must mean at least one layer of the model, such as"
                                + " layer.0.query.");
    }

    @Test
    void anUnknownArchitectureHasNoDefault() {
        var matcher = new TargetMatcher("mamba", List.of("in_proj"), List.of());
        assertThatThrownBy(() -> match(matcher, TargetModules.DEFAULT))
                .hasMessage(
                        "target_modules must be given for model_type (mamba), which has no"
                                + " default.");
    }

    @Test
    @Timeout(600)
    void aPatternThatNeverEndsIsRefused() {
        assertThatThrownBy(
                        () ->
                                match(
                                        new TargetMatcher(
                                                "bert", List.of("a".repeat(60)), List.of()),
                                        TargetModules.matching("((a|a)*c?)*(?=b)")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Pattern (((a|a)*c?)*(?=b)) takes too long to match aaa");
    }

    private static List<LoraTarget> match(TargetMatcher matcher, TargetModules targets) {
        return LoraTarget.of(LoraConfig.DEFAULT.withTargets(targets), matcher);
    }
}
