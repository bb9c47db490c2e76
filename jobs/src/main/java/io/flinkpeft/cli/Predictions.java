package io.flinkpeft.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Request;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.PromptEnsemble;
import io.flinkpeft.train.ServingAdapter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a JSON line for each input line.
 *
 * @param predictor runs the model
 * @param asked adapters of which each says something of a line, in this order
 * @param voters adapters that vote on a line instead; empty if there are none
 * @param writer takes the lines
 * @param scores takes predictions and right answers, of each that is asked
 * @param cut counts texts that are too long
 * @param notFinite counts lines whose results are no numbers
 */
record Predictions(
        Predictor predictor,
        List<ServingAdapter> asked,
        List<ServingAdapter> voters,
        Writer writer,
        Scores scores,
        CutTexts cut,
        NotFinite notFinite) {

    private static final JsonFactory JSON = new JsonFactory();

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /** What is predicted for each line. */
    void of(List<InputLines.Line> lines) throws IOException {
        if (voters.isEmpty()) {
            answers(lines);
        } else {
            votes(lines);
        }
    }

    /** The fields of the predictions of all that are asked. */
    private void answers(List<InputLines.Line> lines) throws IOException {
        List<List<Prediction>> all = new ArrayList<>();
        for (ServingAdapter adapter : asked) {
            all.add(predictor.predict(requests(lines, adapter)));
        }
        for (int i = 0; i < lines.size(); i++) {
            int line = i;
            List<Prediction> own = all.stream().map(answers -> answers.get(line)).toList();
            line(own, json -> write(own, json));
            for (int a = 0; a < own.size(); a++) {
                scores.add(a, own.get(a), lines.get(i).content());
            }
        }
    }

    private static void write(List<Prediction> predictions, JsonGenerator json) throws IOException {
        for (Prediction prediction : predictions) {
            prediction.write(json);
        }
    }

    /** {@code {"label", "votes", "predictions": [...]}}, a prediction an adapter. */
    private void votes(List<InputLines.Line> lines) throws IOException {
        List<PromptEnsemble.Vote> votes =
                new PromptEnsemble(voters).classify(predictor, requests(lines, voters.get(0)));
        for (int i = 0; i < votes.size(); i++) {
            PromptEnsemble.Vote vote = votes.get(i);
            line(vote.predictions(), json -> write(vote, json));
            scores.add(vote.label(), lines.get(i).content());
        }
    }

    private static void write(PromptEnsemble.Vote vote, JsonGenerator json) throws IOException {
        json.writeStringField("label", vote.label());
        json.writeNumberField("votes", vote.votes());
        json.writeArrayFieldStart("predictions");
        for (Label prediction : vote.predictions()) {
            json.writeStartObject();
            prediction.write(json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /**
     * A line with these fields; {@code "truncated": true} if its text, or what follows it, is too
     * long.
     */
    private void line(List<? extends Prediction> predictions, Fields fields) throws IOException {
        if (!predictions.stream().allMatch(Prediction::isFinite)) {
            notFinite.addLine();
        }
        var line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            fields.write(json);
            if (predictions.stream().anyMatch(Prediction::truncated)) {
                json.writeBooleanField("truncated", true);
            }
            cut.add(predictions);
            json.writeEndObject();
        }
        writer.append(line.getBuffer()).append('\n');
    }

    private static List<Request<ServingAdapter>> requests(
            List<InputLines.Line> lines, ServingAdapter adapter) {
        return lines.stream()
                .map(line -> new Request<>(adapter, line.text(), line.textPair(), line.target()))
                .toList();
    }
}
