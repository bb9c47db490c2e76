package io.flinkpeft.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.train.AdapterDirectory;
import io.flinkpeft.train.Classification;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
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
        description = "Predicts the class of each line's text.")
final class PredictCommand implements Callable<Integer> {

    private static final JsonFactory JSON = new JsonFactory();

    @Spec private CommandSpec spec;

    @Mixin private ModelOptions options;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "A PEFT directory; without it, the model's own head.")
    private Path adapter;

    @Option(names = "--input", required = true, paramLabel = "F.jsonl", description = "The texts.")
    private Path input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "F.jsonl",
            description = "The predictions; a file that is there is replaced.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        int batchSize = options.batchSize();
        ModelDirectory model = options.directory();
        AdapterDirectory read = adapter == null ? null : AdapterDirectory.read(adapter);
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
                ServingAdapter serving = read == null ? null : load(predictor, read)) {
            List<InputLines.Line> batch = lines.next(batchSize);
            while (!batch.isEmpty()) {
                for (Classification result : predictor.classify(requests(serving, batch))) {
                    write(result, file.writer());
                }
                batch = lines.next(batchSize);
            }
            file.commit();
        }
        return 0;
    }

    private ServingAdapter load(Predictor predictor, AdapterDirectory read) {
        try {
            return predictor.load(adapter.toString(), read);
        } catch (IllegalArgumentException e) {
            throw InAdapter.of(adapter, e);
        }
    }

    private static List<Predictor.Request> requests(
            ServingAdapter serving, List<InputLines.Line> batch) {
        return batch.stream()
                .map(line -> new Predictor.Request(serving, line.text(), line.textPair()))
                .toList();
    }

    private static void write(Classification result, Writer writer) throws IOException {
        var line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("label", result.label());
            json.writeObjectFieldStart("scores");
            double[] scores = result.scores();
            for (int i = 0; i < scores.length; i++) {
                json.writeNumberField(result.labels().get(i), scores[i]);
            }
            json.writeEndObject();
            json.writeArrayFieldStart("logits");
            for (float logit : result.logits()) {
                json.writeNumber(logit);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        writer.append(line.getBuffer()).append('\n');
    }
}
