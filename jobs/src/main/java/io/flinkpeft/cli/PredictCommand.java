package io.flinkpeft.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.train.AdapterDirectory;
import io.flinkpeft.train.ClozeJson;
import io.flinkpeft.train.Decoding;
import io.flinkpeft.train.HeadKind;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import java.io.IOException;
import java.nio.file.Path;
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
            "Predicts the class of each line's text, of each of its words, or the part of text_pair",
            "that answers it; with a language model its loss, the mean negative log likelihood of a",
            "token of the text, or of the target if there is one."
        })
final class PredictCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private ModelOptions options;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "A PEFT directory; without it, the model's own head.")
    private Path adapter;

    @Option(
            names = "--cloze",
            paramLabel = "cloze.json",
            description = {
                "Classifies by words at a mask: a template and a verbaliser.",
                "Default: the file of that name in the adapter's directory, if there is one."
            })
    private Path cloze;

    @Option(names = "--input", required = true, paramLabel = "F.jsonl", description = "The texts.")
    private Path input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "F.jsonl",
            description = "The predictions; a file that is there is replaced.")
    private Path output;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "Continues each text by at most N tokens, always the most probable one.")
    private Integer maxNewTokens;

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
        ModelDirectory model = options.directory();
        AdapterDirectory read = adapter == null ? null : AdapterDirectory.read(adapter);
        if (read != null && cloze != null) {
            read = read.withCloze(ClozeJson.read(cloze));
        }
        HeadKind head = head(read, model);
        Optional<Decoding> decoding = Optional.ofNullable(maxNewTokens).map(Decoding::greedy);
        if (decoding.isPresent() && !head.generates()) {
            throw new IllegalArgumentException(
                    "--max-new-tokens ("
                            + maxNewTokens
                            + ") must be absent, as the task is no language model's.");
        }
        if (read != null) {
            AdapterNotes.print(read, spec.commandLine().getErr());
        }
        try (InputLines lines = InputLines.open(input);
                OutputFile file = OutputFile.create(output);
                Predictor predictor =
                        Predictor.open(
                                options.model(),
                                ModelOptions.DEVICE,
                                options.dtype(),
                                model.config().maxPositions());
                ServingAdapter serving = load(predictor, read)) {
            var scores = new Scores(head);
            var predictions = new Predictions(predictor, serving, file.writer(), scores);
            List<InputLines.Line> batch = lines.next(batchSize);
            while (!batch.isEmpty()) {
                predictions.of(head, batch, decoding);
                batch = lines.next(batchSize);
            }
            file.commit();
            if (metrics != null) {
                write(scores.values());
            }
        }
        return 0;
    }

    private void write(Map<String, Double> values) throws IOException {
        try (OutputFile file = OutputFile.create(metrics)) {
            file.writer().append(new ObjectMapper().writeValueAsString(values)).append('\n');
            file.commit();
        }
    }

    private HeadKind head(AdapterDirectory read, ModelDirectory model) {
        if (read != null) {
            return read.headOn(model);
        }
        return cloze != null
                ? HeadKind.CLOZE
                : AdapterDirectory.headOf(TaskType.UNSPECIFIED, model);
    }

    /** The adapter; null for the model with a head of its own. */
    private ServingAdapter load(Predictor predictor, AdapterDirectory read) {
        if (read == null) {
            return cloze == null ? null : predictor.load(ClozeJson.read(cloze));
        }
        try {
            return predictor.load(adapter.toString(), read);
        } catch (IllegalArgumentException e) {
            throw InAdapter.of(adapter, e);
        }
    }
}
