package io.flinkpeft.cli;

import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelLocator;
import io.flinkpeft.task.SpecialTokens;
import io.flinkpeft.task.TargetEnd;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.TextSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The options of commands that run a model. */
final class ModelOptions {

    /** The type of the frozen linear layers. */
    enum Dtype {
        FP32,
        BF16
    }

    static final String DEVICE = "cpu";

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "The base model: a Hugging Face directory.")
    private String model;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "32",
            description = "Lines a batch; default ${DEFAULT-VALUE}.")
    private int batchSize;

    @Option(
            names = "--dtype",
            paramLabel = "fp32|bf16",
            defaultValue = "fp32",
            description = "Of the frozen linear layers; default ${DEFAULT-VALUE}.")
    private Dtype dtype;

    @Option(
            names = "--target-end",
            paramLabel = "appended|as-written",
            description = {
                "Whether a decoder's target gets the tokenizer's end token, unless it is there;",
                "default appended."
            })
    private TargetEnd targetEnd;

    @Option(
            names = "--text.special-tokens",
            paramLabel = "tokens|plain",
            defaultValue = "tokens",
            description = {
                "What special tokens that are written in texts, such as [SEP], mean: the token, or",
                "what is written; default ${DEFAULT-VALUE}."
            })
    private SpecialTokens specialTokens;

    /** Where the targets of a task end; the option is refused where it has no meaning. */
    TargetEnd targetEnd(Task task) {
        if (targetEnd != null && !task.endsTargets()) {
            throw new IllegalArgumentException(
                    "--target-end ("
                            + targetEnd.name().toLowerCase(Locale.ROOT).replace('_', '-')
                            + ") must be absent, as the head ("
                            + task.name()
                            + ") is not that of a causal language model.");
        }
        return targetEnd == null ? TargetEnd.APPENDED : targetEnd;
    }

    SpecialTokens specialTokens() {
        return specialTokens;
    }

    /** How texts become tokens for a task, of at most so many. */
    TextSettings texts(Task task, int maxTokens) {
        return new TextSettings(maxTokens, targetEnd(task), specialTokens);
    }

    String model() {
        return model;
    }

    /**
     * The model, opened.
     *
     * @param err takes what a user should know of its files
     */
    ModelDirectory directory(PrintWriter err) throws IOException {
        ModelDirectory directory = ModelDirectory.open(ModelLocator.locate(model));
        directory.notes().forEach(err::println);
        return directory;
    }

    String dtype() {
        return dtype.name().toLowerCase(Locale.ROOT);
    }

    int batchSize() {
        if (batchSize < 1) {
            throw new IllegalArgumentException(
                    "--batch-size (" + batchSize + ") must be at least 1.");
        }
        return batchSize;
    }
}
