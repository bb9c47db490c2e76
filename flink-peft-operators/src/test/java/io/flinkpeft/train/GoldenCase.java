package io.flinkpeft.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.event.Example;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A case of the golden grid: a method on an architecture, as PEFT computed it and wrote its files.
 *
 * @param directory {@code grid/ARCHITECTURE/CASE}
 */
record GoldenCase(Path directory) {

    private static final int BATCH = 4;
    static final int STEPS = 12;

    /** Every case with files of PEFT, in order; none if the grid is not there. */
    static Stream<GoldenCase> all() {
        Path grid = TinyModels.golden().resolve("grid");
        if (!Files.isDirectory(grid)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(grid, 3)) {
            return files
                    .filter(file -> file.endsWith("golden.json"))
                    .map(file -> new GoldenCase(file.getParent()))
                    .filter(golden -> Files.exists(golden.init()))
                    .sorted((a, b) -> a.directory.compareTo(b.directory))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path model() {
        return directory.resolveSibling("model");
    }

    Path init() {
        return directory.resolve("init");
    }

    Path trained() {
        return directory.resolve("trained");
    }

    JsonNode json() {
        return TinyModels.json(directory.resolve("golden.json"));
    }

    /** Whether PEFT has this task for it. */
    boolean isOf(String taskType) {
        JsonNode config = TinyModels.json(init().resolve("adapter_config.json"));
        return config.path("task_type").asText().equals(taskType);
    }

    /** The lines of the training file. */
    List<Example> examples() {
        try {
            List<Example> examples = new ArrayList<>();
            for (String line : Files.readAllLines(directory.resolveSibling("train.jsonl"))) {
                examples.add(example(TinyModels.parse(line)));
            }
            return examples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Example example(JsonNode line) {
        String pair = line.path("text_pair").asText(null);
        String label = line.path("label").asText(null);
        String target = line.path("target").asText(null);
        return new Example("a", line.get("text").asText(), pair, label, target, 0, "x", 0, 0);
    }

    /** The batches of training: the file again and again, in its order. */
    List<List<Example>> batches() {
        List<Example> examples = examples();
        List<List<Example>> batches = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            List<Example> batch = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                batch.add(examples.get((step * BATCH + i) % examples.size()));
            }
            batches.add(batch);
        }
        return batches;
    }

    /** A list of numbers. */
    double[] numbers(String key) {
        return numbers(json().get(key));
    }

    static double[] numbers(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    /** Tensors whose true gradient is zero, so that only noise moves them. */
    Set<String> leftOut() {
        var names = new HashSet<String>();
        json().path("left_out").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Whether a value of a tensor is moved by noise only. */
    boolean leftOut(String tensor, int index) {
        for (JsonNode range : json().path("left_out_ranges").path(tensor)) {
            if (range.get(0).asInt() <= index && index < range.get(1).asInt()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return directory.getParent().getFileName() + " " + directory.getFileName();
    }
}
