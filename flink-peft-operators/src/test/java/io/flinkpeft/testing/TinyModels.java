package io.flinkpeft.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.model.ModelDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tiny models of the golden files, and the texts that go with them: where a test opens a
 * trainer or a predictor itself. Settings of an operator on one of them are in {@code
 * TinySettings}.
 */
public final class TinyModels {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private TinyModels() {}

    /** The folder of the golden files. */
    public static Path golden() {
        try {
            return Path.of(TinyModels.class.getResource("/golden/train.jsonl").toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A BERT of 2 layers with a head for 3 labels: food, weather and sport. */
    public static Path bert() {
        return golden().resolve("tiny-bert-cls");
    }

    /** {@link #bert()}, opened. */
    public static ModelDirectory bertDirectory() {
        try {
            return ModelDirectory.open(bert());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model of the golden grid for an architecture, such as {@code roberta}. */
    public static ModelDirectory gridModel(String architecture) {
        try {
            return ModelDirectory.open(golden().resolve("grid/" + architecture + "/model"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** LoRA on every linear layer. */
    public static LoraConfig loraOnAllLinears(int rank, double alpha) {
        return new LoraConfig(rank, alpha).withTargets(TargetModules.ALL_LINEAR);
    }

    /** LoRA on every linear layer of a language model, and on its output embedding. */
    public static LoraConfig loraWithOutput(int rank, double alpha) {
        TargetModules all = TargetModules.matching(".*").excluding("embed_tokens", "wte");
        return new LoraConfig(rank, alpha).withTargets(all);
    }

    /** Sentences of several lengths, the second of them empty. */
    public static List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        json(bert().resolve("golden.json"))
                .get("sentences")
                .forEach(s -> sentences.add(s.get("text").asText()));
        return sentences;
    }

    /** The 48 labelled examples of the golden runs, for one adapter, in order. */
    public static List<Example> examples(String adapterId) {
        List<Example> examples = new ArrayList<>();
        for (String line : lines(golden().resolve("train.jsonl"))) {
            JsonNode json = parse(line);
            examples.add(
                    Example.labelled(
                                    adapterId,
                                    json.get("text").asText(),
                                    json.get("label").asText())
                            .at(examples.size() * 1000L, "examples", 0, examples.size()));
        }
        return examples;
    }

    /** A JSON file. */
    public static JsonNode json(Path file) {
        return parse(String.join("\n", lines(file)));
    }

    public static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a merge says of the tiny BERT, which has other tensors beside its weights. */
    public static String leftOutOfBert() {
        return "Model "
                + bert()
                + ": golden.safetensors left out: the adapter is merged into model.safetensors"
                + " alone.";
    }
}
