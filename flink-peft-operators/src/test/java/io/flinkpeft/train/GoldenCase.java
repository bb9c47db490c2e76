package io.flinkpeft.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.method.selective.BitFitConfig;
import io.flinkpeft.method.selective.FreezeConfig;
import io.flinkpeft.method.selective.FullConfig;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.task.Cloze;
import io.flinkpeft.task.ClozeJson;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.Tasks;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
    private static final String LM_HEAD = "lm_head";

    /** Every case, in order. */
    static List<GoldenCase> all() {
        try (Stream<Path> files = Files.walk(TinyModels.golden().resolve("grid"), 3)) {
            return files.filter(file -> file.endsWith("golden.json"))
                    .map(file -> new GoldenCase(file.getParent()))
                    .sorted((a, b) -> a.directory.compareTo(b.directory))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String architecture() {
        return directory.getParent().getFileName().toString();
    }

    private String name() {
        return directory.getFileName().toString();
    }

    /** Why it is not run, by its name or that of its architecture. */
    Optional<String> reasonNotRun(Map<String, String> reasons) {
        return Optional.ofNullable(reasons.getOrDefault(toString(), reasons.get(architecture())));
    }

    /** That of the grid, unless there is one beside it. */
    Path model() {
        Path own = directory.resolveSibling("model");
        return Files.exists(own)
                ? own
                : TinyModels.golden()
                        .resolve("grid")
                        .resolve(json().get("architecture").asText())
                        .resolve("model");
    }

    /** The template and the words, if it has them. */
    Optional<Cloze> cloze() {
        Path file = init().resolve(ClozeJson.FILE);
        return Files.exists(file) ? Optional.of(ClozeJson.read(file)) : Optional.empty();
    }

    /** Whether it starts from files of PEFT, and not from the model itself. */
    boolean hasInit() {
        return Files.exists(init());
    }

    /** Whether the reference trained it. */
    boolean isTrained() {
        return json().has("losses");
    }

    Path init() {
        return directory.resolve("init");
    }

    Path trained() {
        return directory.resolve("trained");
    }

    /** The file with what the reference trained. */
    Path trainedTensors() {
        return hasInit()
                ? trained().resolve(PeftDirectory.TENSORS)
                : directory.resolve("trained.safetensors");
    }

    JsonNode json() {
        return TinyModels.json(directory.resolve("golden.json"));
    }

    /** A cloze, or the head that the model has for the task of all its cases. */
    Task head() {
        if (cloze().isPresent()) {
            return new ClozeTask(cloze().get());
        }
        try {
            return Tasks.of(task(), ModelDirectory.open(model()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TaskType task() {
        return AdapterDirectory.read(directory.resolveSibling("lora/init")).config().taskType();
    }

    /** The method and its settings. */
    PeftConfig method() {
        return switch (name()) {
            case "bitfit" -> new BitFitConfig().withTaskType(task());
            case "freeze" -> freeze().withTaskType(task());
            case "full" -> new FullConfig().withTaskType(task());
            default -> AdapterDirectory.read(init()).config();
        };
    }

    /** The last layer, and the head of a language model unless it is the embedding. */
    private FreezeConfig freeze() {
        try {
            boolean head =
                    SafetensorsFile.open(trainedTensors()).tensors().keySet().stream()
                            .anyMatch(tensor -> tensor.startsWith(LM_HEAD));
            List<String> more = head ? List.of(LM_HEAD) : List.of();
            return new FreezeConfig(1, List.of(), more, TaskType.UNSPECIFIED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        String label =
                line.has("labels") ? lines(line.get("labels")) : line.path("label").asText(null);
        String target = target(line.path("target"));
        return new Example("a", line.get("text").asText(), pair, label, target, 0, "x", 0, 0);
    }

    /** Several labels are a line each. */
    private static String lines(JsonNode labels) {
        return StreamSupport.stream(labels.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining("\n"));
    }

    /** A list of numbers stands for its text. */
    private static String target(JsonNode target) {
        return target.isArray()
                ? StreamSupport.stream(target.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(" "))
                : target.asText(null);
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

    /** Whether a value of a tensor has a true gradient of zero, so that only noise moves it. */
    static boolean leftOut(JsonNode json, String tensor, int index) {
        for (JsonNode name : json.path("left_out")) {
            if (name.asText().equals(tensor)) {
                return true;
            }
        }
        for (JsonNode range : json.path("left_out_ranges").path(tensor)) {
            if (range.get(0).asInt() <= index && index < range.get(1).asInt()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return architecture() + " " + name();
    }
}
