package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.merge.ModelMerge;
import io.flinkpeft.merge.Rounding;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every field of PEFT's {@code adapter_config.json} gives PEFT's numbers, or a refusal that names
 * it with its value; {@code settings_cases.py} says which.
 */
class GoldenSettingsTest {

    /** Single precision on another machine. */
    private static final double TOLERANCE = 5e-5;

    private static final Path FOLDER = TinyModels.golden().resolve("settings");
    private static final JsonNode GOLDEN = TinyModels.json(FOLDER.resolve("cases.json"));
    private static final Set<String> MERGEABLE = Set.of("LORA", "ADALORA", "IA3");

    @TempDir Path directory;

    static Stream<Arguments> cases() {
        return StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
                .map(golden -> arguments(golden.get("name").asText(), golden));
    }

    static Stream<Arguments> mergeable() {
        return cases().filter(
                        c ->
                                MERGEABLE.contains(
                                        ((JsonNode) c.get()[1])
                                                .at("/config/peft_type")
                                                .asText("null")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void givesPeftsNumbersOrNamesTheField(String name, JsonNode golden) throws IOException {
        Path adapter = adapter(golden);
        if (golden.has("refused")) {
            assertThatThrownBy(() -> values(golden, model(golden), adapter))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(golden.get("refused").asText())
                    .message()
                    .hasLineCount(1);
            return;
        }
        assertThat(golden.has("error")).as("PEFT loads it").isFalse();
        check(values(golden, model(golden), adapter), golden.get("values"));
        List<String> warnings = AdapterDirectory.read(adapter).warnings();
        assertThat(String.join("\n", warnings)).contains(golden.path("warned").asText(""));
        assertThat(warnings.isEmpty()).isEqualTo(!golden.has("warned"));
    }

    /** What is refused there, with another reason at times, is refused here. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("mergeable")
    void mergesAsPeft(String name, JsonNode golden) throws IOException {
        Path adapter = adapter(golden);
        Path merged = directory.resolve("merged");
        if (golden.has("refused") && !golden.has("merges") || golden.has("unmerged")) {
            String said = golden.path("unmerged").asText("");
            assertThatThrownBy(
                            () -> ModelMerge.merge(model(golden), adapter, merged, Rounding.ONCE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(said);
            return;
        }
        ModelMerge.merge(model(golden), adapter, merged, Rounding.ONCE);
        if (golden.has("values")) {
            JsonNode own = golden.get("values");
            check(values(golden, merged, null), golden.has("merged") ? golden.get("merged") : own);
        }
    }

    /** A method that we lack. */
    static Stream<String> others() {
        return StreamSupport.stream(GOLDEN.get("others").spliterator(), false)
                .map(JsonNode::asText);
    }

    @ParameterizedTest
    @MethodSource("others")
    void otherMethodsAreRefusedByName(String type) {
        assertThatThrownBy(() -> PeftConfigJson.read("{\"peft_type\":\"" + type + "\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("peft_type (" + type + ") must be one of [");
    }

    private static Path model(JsonNode golden) {
        return TinyModels.golden().resolve("grid/" + golden.get("model").asText() + "/model");
    }

    private Path adapter(JsonNode golden) throws IOException {
        Path adapter = Files.createDirectory(directory.resolve("adapter"));
        Files.writeString(adapter.resolve(PeftDirectory.CONFIG), golden.get("config").toString());
        String prefix = golden.get("tensors").asText() + "/";
        List<TensorView> tensors =
                SafetensorsFile.open(FOLDER.resolve("tensors.safetensors"))
                        .tensors()
                        .values()
                        .stream()
                        .filter(tensor -> tensor.name().startsWith(prefix))
                        .map(tensor -> tensor.named(tensor.name().substring(prefix.length())))
                        .toList();
        SafetensorsWriter.write(
                adapter.resolve(PeftDirectory.TENSORS), tensors, Map.of("format", "pt"));
        return adapter;
    }

    /** Logits of each text, or its loss. */
    private static List<double[]> values(JsonNode golden, Path model, Path adapter)
            throws IOException {
        try (ModelPredictor predictor = ModelPredictor.open(model.toString(), "cpu", "fp32", 64);
                ServingAdapter own = adapter == null ? null : predictor.load("a", adapter)) {
            boolean classifies = golden.get("model").asText().equals("bert");
            boolean target = Set.of("t5", "bart").contains(golden.get("model").asText());
            String continued = target ? GOLDEN.get("target").asText() : null;
            List<Request<ServingAdapter>> requests =
                    StreamSupport.stream(GOLDEN.get("texts").spliterator(), false)
                            .map(t -> new Request<ServingAdapter>(own, t.asText(), null, continued))
                            .toList();
            if (!classifies) {
                return IntStream.range(0, requests.size())
                        .mapToObj(i -> Predicted.losses(predictor, requests.subList(i, i + 1)))
                        .toList();
            }
            return Predicted.labels(predictor, requests).stream()
                    .map(
                            c ->
                                    IntStream.range(0, c.logits().length)
                                            .mapToDouble(i -> c.logits()[i])
                                            .toArray())
                    .toList();
        }
    }

    private static void check(List<double[]> values, JsonNode expected) {
        assertThat(values).hasSize(expected.size());
        for (int i = 0; i < values.size(); i++) {
            assertThat(values.get(i))
                    .containsExactly(GoldenCase.numbers(expected.get(i)), within(TOLERANCE));
        }
    }
}
