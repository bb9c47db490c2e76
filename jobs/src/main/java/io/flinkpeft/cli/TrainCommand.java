package io.flinkpeft.cli;

import io.flinkpeft.method.Magnitude;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.AdapterFiles;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.task.Cloze;
import io.flinkpeft.task.ClozeJson;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.Tasks;
import io.flinkpeft.train.AdapterDirectory;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.NumericsRule;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.TrainerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains an adapter with the trainer's own steps, in the order of the file. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Trains an adapter, in the order of the file, and writes a PEFT directory.",
            "AdamW (0.9, 0.999, 1e-8), one rate and one decay for every tensor, no clipping."
        })
final class TrainCommand implements Callable<Integer> {

    /** A head of a stream grows with the labels of the file. */
    private static final int MAX_LABELS = 1 << 16;

    private static final String ID = "adapter";

    @Spec private CommandSpec spec;

    @Mixin private ModelOptions options;

    @ArgGroup(multiplicity = "1")
    private Start start;

    static final class Start {
        @Option(
                names = "--adapter",
                paramLabel = "DIR",
                description = "A PEFT directory to start from.")
        private Path adapter;

        @Option(
                names = "--config",
                paramLabel = "adapter_config.json",
                description = "The settings of a new adapter.")
        private Path config;
    }

    @Option(
            names = "--cloze",
            paramLabel = "cloze.json",
            description = {
                "Classifies by words at a mask: a template and a verbalizer.",
                "Default: the file of that name in the adapter's directory, if there is one."
            })
    private Path cloze;

    @Option(names = "--input", required = true, paramLabel = "F.jsonl", description = "Examples.")
    private Path input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "The trained adapter, and train_log.jsonl.")
    private Path output;

    @Mixin private Overwriting overwriting;

    @Mixin private NewLabels newLabels;

    @Option(
            names = "--format",
            paramLabel = "peft|adapterhub",
            description = "Of the trained adapter; default that of --adapter or --config.")
    private AdapterFormat format;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            defaultValue = "1e-4",
            description = "Default ${DEFAULT-VALUE}.")
    private double learningRate;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            defaultValue = "0.01",
            description = "Default ${DEFAULT-VALUE}.")
    private double weightDecay;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often to go through the file; default ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of a new adapter's values and of dropout; default ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() throws IOException {
        check();
        ModelDirectory model = options.directory(spec.commandLine().getErr());
        checkOutput(model);
        Cloze template = cloze == null ? null : ClozeJson.read(cloze);
        AdapterDirectory from = start.adapter == null ? null : AdapterDirectory.read(start.adapter);
        if (from != null && template != null) {
            from = from.withCloze(template);
        } else if (from != null) {
            template = from.cloze().orElse(null);
        }
        AdapterFormat given = given();
        AdapterFormat written = format == null ? given : format;
        PeftConfig method = from != null ? from.config() : config(start.config, given, model);
        if (from != null) {
            AdapterNotes.print(start.adapter, from, model, spec.commandLine().getErr());
        }
        List<InputLines.Line> lines = InputLines.readAll(input, spec.commandLine().getErr());
        TrainerConfig config = trainerConfig(model, method, from, template, lines);
        var examples = TrainingExamples.of(input, lines, config, spec.commandLine().getErr());
        try (var directory =
                        OutputDirectory.create(output, TrainingRun.files(written), overwriting);
                OnlineTrainer trainer = OnlineTrainer.open(config)) {
            LiveAdapter first = from == null ? trainer.create(ID) : load(trainer, from);
            var cut = new CutTexts(config.maxTokens());
            new TrainingRun(trainer, examples, options.batchSize(), epochs, written, cut)
                    .into(directory.path(), first);
            directory.commit();
            cut.print(spec.commandLine().getErr());
        }
        AdapterNotes.forPeftAlone(method, spec.commandLine().getErr());
        return 0;
    }

    private void check() {
        options.batchSize();
        Magnitude.positive("--learning-rate", learningRate, "");
        positive("--epochs", epochs, epochs > 0);
        if (!(weightDecay >= 0 && Double.isFinite(weightDecay))) {
            throw new IllegalArgumentException(
                    "--weight-decay (" + weightDecay + ") must be at least 0.");
        }
    }

    private void checkOutput(ModelDirectory model) throws IOException {
        Map<String, List<Path>> inputs = new LinkedHashMap<>();
        inputs.put("--input", List.of(input));
        inputs.put("--model", List.of(model.path()));
        inputs.put("--cloze", cloze == null ? List.of() : List.of(cloze));
        if (start.adapter != null) {
            inputs.put("--adapter", List.of(start.adapter));
        } else {
            inputs.put("--config", List.of(start.config));
        }
        Overwriting.checkInputs("--output", output, inputs);
    }

    private static void positive(String name, Number value, boolean positive) {
        if (!positive || Double.isInfinite(value.doubleValue())) {
            throw new IllegalArgumentException(name + " (" + value + ") must be more than 0.");
        }
    }

    /** The format of what training starts from. */
    private AdapterFormat given() throws IOException {
        if (start.adapter != null) {
            return AdapterFormat.of(start.adapter);
        }
        if (!Files.isRegularFile(start.config)) {
            throw new IllegalArgumentException("--config (" + start.config + ") must be a file.");
        }
        try {
            return AdapterFormat.of(AdapterFiles.text(start.config));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(start.config + ": " + e.getMessage(), e);
        }
    }

    /** AdapterHub's settings do not name the task: it trains the model's head with an adapter. */
    private PeftConfig config(Path file, AdapterFormat format, ModelDirectory model)
            throws IOException {
        try {
            PeftConfig config = format.config(AdapterFiles.text(file), spec.commandLine().getErr());
            boolean trainsHead =
                    format == AdapterFormat.ADAPTERHUB && model.hasHead(TaskType.SEQ_CLS);
            return trainsHead ? config.withTaskType(TaskType.SEQ_CLS) : config;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private TrainerConfig trainerConfig(
            ModelDirectory model,
            PeftConfig method,
            AdapterDirectory from,
            Cloze template,
            List<InputLines.Line> lines)
            throws IOException {
        Task task =
                from == null && template == null
                        ? Tasks.of(method.taskType(), model)
                        : from == null ? new ClozeTask(template) : from.taskOn(model);
        boolean frozenHead =
                !task.hasStreamHead() && !AdapterDirectory.savesModelHead(method, model, task);
        var optimizer =
                new OptimizerConfig(
                        learningRate,
                        frozenHead ? 0 : learningRate,
                        weightDecay,
                        0.9,
                        0.999,
                        1e-8,
                        Double.POSITIVE_INFINITY);
        List<String> labels = List.of();
        task.check(model, "trained");
        if (!task.hasStreamHead() && task.fixedLabels().isEmpty()) {
            labels = labels(model, method, from, task, lines);
        } else {
            newLabels.refuse("the head (" + task.name() + ") has no labels of its own to name.");
        }
        return new TrainerConfig(
                options.model(),
                method,
                task,
                labels,
                MAX_LABELS,
                model.longestText(),
                optimizer,
                ModelOptions.DEVICE,
                options.dtype(),
                seed,
                NumericsRule.KEEP,
                options.targetEnd(task),
                options.specialTokens());
    }

    /** Those of the model's head, of an adapter's, or of a new one where the model has none. */
    private List<String> labels(
            ModelDirectory model,
            PeftConfig method,
            AdapterDirectory from,
            Task task,
            List<InputLines.Line> lines) {
        if (from != null) {
            newLabels.refuse("the adapter has those of its head.");
            return from.modelLabels(model);
        }
        if (model.hasHead(task.peftType())) {
            newLabels.refuse("the model has those of its head, " + model.config().labels() + ".");
            return model.config().labels();
        }
        if (!AdapterDirectory.savesModelHead(method, model, task)) {
            throw new IllegalArgumentException(
                    "Model "
                            + model.path()
                            + " has no head, modules_to_save "
                            + method.modulesToSave()
                            + " must have one to train. Maybe use a model with a head.");
        }
        return newLabels.of(task, input, lines);
    }

    private LiveAdapter load(OnlineTrainer trainer, AdapterDirectory from) {
        try {
            return trainer.load(ID, from);
        } catch (IllegalArgumentException e) {
            throw InAdapter.of(start.adapter, e);
        }
    }
}
