package io.flinkpeft.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.train.Classification;
import io.flinkpeft.train.Decoding;
import io.flinkpeft.train.Generation;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Optional;

/**
 * Writes a JSON line for each input line.
 *
 * @param predictor runs the model
 * @param adapter null for the model as it is
 * @param writer takes the lines
 */
record Predictions(Predictor predictor, ServingAdapter adapter, Writer writer) {

    private static final JsonFactory JSON = new JsonFactory();

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /** {@code {"label", "scores": {...}, "logits": [...]}}. */
    void classes(List<InputLines.Line> lines) throws IOException {
        for (Classification result : predictor.classify(requests(lines))) {
            line(json -> classification(result, json));
        }
    }

    private static void classification(Classification result, JsonGenerator json)
            throws IOException {
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
    }

    /**
     * {@code {"loss"}}, the mean negative log likelihood of a token, null if none is predicted; and
     * with a decoding {@code "generated"} and {@code "generated_ids"}.
     */
    void continuations(List<InputLines.Line> lines, Optional<Decoding> decoding)
            throws IOException {
        List<Predictor.Request> requests = requests(lines);
        double[] losses = predictor.losses(requests);
        List<Generation> generated =
                decoding.map(d -> predictor.generate(requests, d)).orElse(List.of());
        for (int i = 0; i < losses.length; i++) {
            double loss = losses[i];
            Optional<Generation> next =
                    generated.isEmpty() ? Optional.empty() : Optional.of(generated.get(i));
            line(json -> continuation(loss, next, json));
        }
    }

    private static void continuation(double loss, Optional<Generation> next, JsonGenerator json)
            throws IOException {
        if (Double.isNaN(loss)) {
            json.writeNullField("loss");
        } else {
            json.writeNumberField("loss", loss);
        }
        if (next.isPresent()) {
            json.writeStringField("generated", next.get().text());
            json.writeFieldName("generated_ids");
            json.writeArray(next.get().ids(), 0, next.get().ids().length);
        }
    }

    private void line(Fields fields) throws IOException {
        var line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        }
        writer.append(line.getBuffer()).append('\n');
    }

    private List<Predictor.Request> requests(List<InputLines.Line> lines) {
        return lines.stream()
                .map(
                        line ->
                                new Predictor.Request(
                                        adapter, line.text(), line.textPair(), line.target()))
                .toList();
    }
}
