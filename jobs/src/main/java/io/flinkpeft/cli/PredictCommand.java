package io.flinkpeft.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.evaluation.TextEvaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.task.ClozeJson;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.Decoding;
import io.flinkpeft.task.Generation;
import io.flinkpeft.task.Purpose;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.Tasks;
import io.flinkpeft.task.TextSettings;
import io.flinkpeft.train.AdapterDirectory;
import io.flinkpeft.train.ModelPredictor;
import io.flinkpeft.train.ServingAdapter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Predicts: a line in, a line out, in the same order. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = {
            "Predicts classes of texts or words, answers, losses and continuations.",
            "A line's text gets a class, one for each of its words, or the part of text_pair that",
            "answers it; with a language model its loss, the mean negative log likelihood of a",
            "token of the text, or of the target if there is one. A line whose text was longer"
                    + " than",
            "the model reads has \"truncated\": true."
        })
final class PredictCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private ModelOptions options;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = {
                "A PEFT or AdapterHub directory; without it, the model's own head.",
                "Given several times, all of them vote on each line's class."
            })
    private List<Path> adapters = List.of();

    @Option(names = "--merge", description = "Merges the adapter into the weights in memory first.")
    private boolean merge;

    @Option(
            names = "--cloze",
            paramLabel = "cloze.json",
            description = {
                "Classifies by words at a mask: a template and a verbalizer.",
                "Default: the file of that name in the adapter's directory, if there is one."
            })
    private Path cloze;

    @Option(names = "--input", required = true, paramLabel = "F.jsonl", description = "The texts.")
    private Path input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "F.jsonl",
            description = "The predictions.")
    private Path output;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "Continues each text by at most N tokens, always the most probable one.")
    private Integer maxNewTokens;

    @Mixin private Overwriting overwriting;

    @Option(
            names = "--metrics",
            paramLabel = "F.json",
            description = {
                "How good the predictions are, by the lines that have a label or a target:",
                "accuracy and macro-f1 of labels, exact-match and f1 of answers, perplexity of",
                "language models, rouge-l and bleu of what they generate for a target."
            })
    private Path metrics;

    @Override
    public Integer call() throws IOException {
        int batchSize = options.batchSize();
        ModelDirectory model = options.directory(spec.commandLine().getErr());
        checkOutputs(model);
        List<AdapterDirectory> read = read();
        Task task = task(read, model);
        Optional<Decoding> decoding = Optional.ofNullable(maxNewTokens).map(Decoding::greedy);
        if (decoding.isPresent() && !task.predictsTokens()) {
            throw new IllegalArgumentException(
                    "--max-new-tokens ("
                            + maxNewTokens
                            + ") must be absent, as the task is no language model's.");
        }
        if (merge && adapters.isEmpty()) {
            throw new IllegalArgumentException(
                    "--merge (true) must be absent without --adapter, as there is none to merge.");
        }
        if (adapters.size() > 1 && !task.predictsOneLabel()) {
            throw new IllegalArgumentException(
                    "--adapter ("
                            + adapters.size()
                            + " times) must be given once, as the task is none to vote on.");
        }
        if (metrics != null) {
            task.check(model, "measured by --metrics");
        }
        TextSettings texts = options.texts(task, model.longestText());
        for (int i = 0; i < read.size(); i++) {
            AdapterNotes.print(adapters.get(i), read.get(i), model, spec.commandLine().getErr());
        }
        if (decoding.isPresent()) {
            AdapterNotes.ignoredOfGeneration(model, spec.commandLine().getErr());
        }
        try (InputLines lines = InputLines.open(input);
                OutputFile file = OutputFile.create(output);
                ModelPredictor predictor =
                        ModelPredictor.open(
                                options.model(), ModelOptions.DEVICE, options.dtype(), texts);
                LoadedAdapters loaded = load(predictor, read, task)) {
            List<ServingAdapter> asked = new ArrayList<>(loaded.all().subList(0, 1));
            List<Scores.Measure> measures = new ArrayList<>();
            measures.add(new Scores.Measure(task.evaluation(), task::reference));
            if (decoding.isPresent()) {
                var generation = new Purpose(Generation.VERB, decoding.get());
                asked.add(predictor.asking(generation, asked.get(0), "continued"));
                measures.add(new Scores.Measure(new TextEvaluation(), ExampleContent::target));
            }
            List<ServingAdapter> voters = loaded.all().size() > 1 ? loaded.all() : List.of();
            var scores = new Scores(measures);
            var cut = CutTexts.of(model);
            var notFinite = new NotFinite();
            var predictions =
                    new Predictions(
                            predictor, asked, voters, file.writer(), scores, cut, notFinite);
            List<InputLines.Line> batch = lines.next(batchSize);
            while (!batch.isEmpty()) {
                predictions.of(batch);
                batch = lines.next(batchSize);
            }
            file.commit();
            cut.print(spec.commandLine().getErr());
            notFinite.print(spec.commandLine().getErr());
            lines.ignored().print(input, spec.commandLine().getErr());
            if (metrics != null) {
                write(scores.values());
            }
        }
        return 0;
    }

    private void checkOutputs(ModelDirectory model) throws IOException {
        Map<String, List<Path>> inputs = new LinkedHashMap<>();
        inputs.put("--input", List.of(input));
        inputs.put("--model", List.of(model.path()));
        inputs.put("--adapter", adapters);
        inputs.put("--cloze", cloze == null ? List.of() : List.of(cloze));
        overwriting.checkFile("--output", output, inputs);
        if (metrics != null) {
            inputs.put("--output", List.of(output));
            overwriting.checkFile("--metrics", metrics, inputs);
        }
    }

    private void write(Map<String, Double> values) throws IOException {
        // JSON has no other numbers; a perplexity may be too large
        values.replaceAll((name, value) -> Double.isFinite(value) ? value : null);
        try (OutputFile file = OutputFile.create(metrics)) {
            file.writer().append(new ObjectMapper().writeValueAsString(values)).append('\n');
            file.commit();
        }
    }

    private List<AdapterDirectory> read() throws IOException {
        List<AdapterDirectory> read = new ArrayList<>();
        for (Path adapter : adapters) {
            AdapterDirectory directory = AdapterDirectory.read(adapter);
            read.add(cloze == null ? directory : directory.withCloze(ClozeJson.read(cloze)));
        }
        return read;
    }

    private Task task(List<AdapterDirectory> read, ModelDirectory model) {
        if (read.isEmpty() && cloze != null) {
            return new ClozeTask(ClozeJson.read(cloze));
        }
        if (read.isEmpty()) {
            Task own = Tasks.of(TaskType.UNSPECIFIED, model);
            if (own.hasStreamHead()) {
                throw new IllegalArgumentException(
                        "Model "
                                + model.path()
                                + " has no head, must have one to predict without an adapter."
                                + " Maybe give --adapter.");
            }
            return own;
        }
        List<Task> tasks = read.stream().map(r -> r.taskOn(model)).toList();
        List<String> names = tasks.stream().map(Task::name).distinct().toList();
        if (names.size() > 1) {
            throw new IllegalArgumentException(
                    "--adapter " + adapters + " are for " + names + ", must be for one task.");
        }
        return tasks.get(0);
    }

    private LoadedAdapters load(ModelPredictor predictor, List<AdapterDirectory> read, Task task) {
        var loaded = new LoadedAdapters(predictor, merge);
        if (read.isEmpty()) {
            loaded.add(predictor.alone(task));
        }
        for (int i = 0; i < read.size(); i++) {
            loaded.add(adapters.get(i), read.get(i));
        }
        return loaded;
    }
}
