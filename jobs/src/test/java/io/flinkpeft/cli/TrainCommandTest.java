package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against runs of transformers and PEFT, whose numbers are in the golden files. */
class TrainCommandTest {

    // single precision on both sides, other orders of summation; 12 steps of AdamW at 5e-3
    private static final double TOLERANCE = 1e-4;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path DATA = TinyModels.golden().resolve("train.jsonl");

    @TempDir private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"lora-qv", "lora-all-rslora", "lora-regex"})
    void trainsAsPeftDoes(String golden) throws IOException {
        Path source = TinyModels.golden().resolve(golden);
        Path output = dir.resolve("trained");
        assertThat(train("--adapter", source.resolve("init"), "--output", output).err())
                .allMatch(note -> note.contains("alpha_pattern must be read by who serves"));

        JsonNode expected = TinyModels.json(source.resolve("golden.json")).get("losses");
        assertThat(losses(output)).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(losses(output).get(i)).isCloseTo(expected.get(i).asDouble(), within(1e-4));
        }
        Path trained = source.resolve("trained").resolve("adapter_model.safetensors");
        assertSameTensors(output.resolve("adapter_model.safetensors"), trained);
    }

    @Test
    void whatWasTrainedPredictsAsPeftDoes() throws IOException {
        Path source = TinyModels.golden().resolve("lora-qv");
        Path output = dir.resolve("trained");
        assertThat(train("--adapter", source.resolve("init"), "--output", output).code()).isZero();
        JsonNode golden = TinyModels.json(source.resolve("golden.json"));
        assertThat(PredictCommandTest.logits(dir, output))
                .usingElementComparator(PredictCommandTest.closeTo(TOLERANCE))
                .containsExactlyElementsOf(PredictCommandTest.rows(golden.get("logits_after")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\": \"a\"}",
                "{\"text\": \"a\", \"label\": null}",
                "{\"text\": \"a\", \"lable\": \"food\"}"
            })
    void aLineThatTeachesNothingIsSaid(String line) throws IOException {
        Path input = dir.resolve("input.jsonl");
        Files.writeString(input, "{\"text\": \"a\", \"label\": \"food\"}\n" + line + "\n");
        Run run =
                Run.of(
                        "train",
                        "--model",
                        TinyModels.bert(),
                        "--adapter",
                        TinyModels.golden().resolve("lora-qv/init"),
                        "--input",
                        input,
                        "--output",
                        dir.resolve("out"));
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains(input + ": 1 line has no label: nothing is learned there.");
    }

    @Test
    void aNewAdapterComesFromItsSeed() throws IOException {
        Path config = config("\"task_type\": \"SEQ_CLS\"");
        assertThat(train("--config", config, "--output", dir.resolve("a"), "--seed", 7).code())
                .isZero();
        assertThat(train("--config", config, "--output", dir.resolve("b"), "--seed", 7).code())
                .isZero();
        assertThat(train("--config", config, "--output", dir.resolve("c"), "--seed", 8).code())
                .isZero();
        byte[] a = Files.readAllBytes(dir.resolve("a/adapter_model.safetensors"));
        assertThat(Files.readAllBytes(dir.resolve("b/adapter_model.safetensors"))).isEqualTo(a);
        assertThat(Files.readAllBytes(dir.resolve("c/adapter_model.safetensors"))).isNotEqualTo(a);
    }

    @Test
    void aKeyThatTheMethodDoesNotKnowIsRefused() throws IOException {
        Path config = config("\"task_type\": \"SEQ_CLS\", \"lora_aplha\": 3");
        assertThat(train("--config", config, "--output", dir.resolve("out")).failure())
                .isEqualTo(
                        config
                                + ": adapter_config.json: lora_aplha (3) must be a setting of LORA."
                                + " Maybe use lora_alpha.");
    }

    @Test
    void aHeadThatPeftWouldNotTrainStaysAsItIs() throws IOException {
        Path output = dir.resolve("out");
        Path config = config("\"task_type\": null");
        assertThat(train("--config", config, "--output", output).err()).isEmpty();
        assertThat(tensors(output.resolve("adapter_model.safetensors")).tensors().keySet())
                .noneMatch(name -> name.contains("classifier"));
        assertThat(TinyModels.json(output.resolve("adapter_config.json")).get("task_type").isNull())
                .isTrue();
        assertThat(PredictCommandTest.logits(dir, output)).hasSize(12);
    }

    @Test
    void aStreamHeadIsWrittenBesideTheAdapterAndGoesOn() throws IOException {
        Path config = config("\"task_type\": \"FEATURE_EXTRACTION\"");
        Path first = dir.resolve("first");
        Path second = dir.resolve("second");
        assertThat(train("--config", config, "--output", first).err()).isEmpty();
        assertThat(train("--adapter", first, "--output", second).err()).isEmpty();
        assertThat(losses(first).get(0)).isCloseTo(Math.log(3), within(1e-5));
        assertThat(mean(losses(second))).isLessThan(mean(losses(first)));
        assertThat(tensors(second.resolve("head.safetensors")).metadata())
                .containsEntry("labels", "[\"food\",\"weather\",\"sport\"]");
        assertThat(Run.of("inspect", second).out()).contains("labels: [food, weather, sport]");
    }

    @Test
    void epochsRepeatTheFileAndTheLastBatchIsWhatIsLeft() throws IOException {
        Path output = dir.resolve("out");
        Path init = TinyModels.golden().resolve("lora-qv/init");
        Run run = train("--adapter", init, "--output", output, "--epochs", 2, "--batch-size", 32);
        assertThat(run.err()).isEmpty();
        assertThat(losses(output)).hasSize(4);
    }

    @Test
    void anOutputWithOtherFilesIsLeftAlone() throws IOException {
        Path output = Files.createDirectory(dir.resolve("home"));
        Files.writeString(output.resolve("letter.txt"), "dear");
        Path init = TinyModels.golden().resolve("lora-qv/init");
        assertThat(train("--adapter", init, "--output", output).failure())
                .isEqualTo(
                        "--output ("
                                + output
                                + ") holds letter.txt, must be empty or hold an adapter only.");
        assertThat(output.toFile().list()).containsExactly("letter.txt");
    }

    private static Run train(Object... more) {
        var args = new ArrayList<Object>(List.of("train", "--model", TinyModels.bert()));
        args.addAll(List.of("--input", DATA, "--learning-rate", "5e-3", "--weight-decay", "0.01"));
        List<Object> options = List.of(more);
        if (!options.contains("--batch-size")) {
            args.addAll(List.of("--batch-size", 4));
        }
        args.addAll(options);
        return Run.of(args.toArray());
    }

    private Path config(String field) throws IOException {
        return Files.writeString(
                dir.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 4, \"target_modules\": [\"query\", \"value\"], "
                        + field
                        + "}");
    }

    private static List<Double> losses(Path output) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(output.resolve("train_log.jsonl"))) {
            JsonNode json = MAPPER.readTree(line);
            losses.add(json.get("loss").asDouble());
            assertThat(json.get("step").asInt()).isEqualTo(losses.size());
        }
        return losses;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(v -> v).average().orElseThrow();
    }

    private static SafetensorsFile tensors(Path file) throws IOException {
        return SafetensorsFile.open(file);
    }

    private static void assertSameTensors(Path actual, Path expected) throws IOException {
        SafetensorsFile file = tensors(actual);
        assertThat(file.tensors().keySet())
                .containsExactlyInAnyOrderElementsOf(tensors(expected).tensors().keySet());
        for (var tensor : tensors(expected).tensors().values()) {
            assertThat(file.tensor(tensor.name()).toFloats())
                    .as(tensor.name())
                    .usingComparatorWithPrecision((float) TOLERANCE)
                    .containsExactly(tensor.toFloats());
        }
    }
}
