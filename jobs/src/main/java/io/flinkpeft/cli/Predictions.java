package io.flinkpeft.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.train.Classification;
import io.flinkpeft.train.Decoding;
import io.flinkpeft.train.Generation;
import io.flinkpeft.train.HeadKind;
import io.flinkpeft.train.Likelihood;
import io.flinkpeft.train.Prediction;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.PromptEnsemble;
import io.flinkpeft.train.ServingAdapter;
import io.flinkpeft.train.SpanAnswer;
import io.flinkpeft.train.Tagging;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes a JSON line for each input line.
 *
 * @param predictor runs the model
 * @param adapters none for the model as it is; several vote
 * @param writer takes the lines
 * @param scores takes predictions and right answers
 * @param cut counts texts that were too long
 * @param notFinite counts lines whose results are no numbers
 */
record Predictions(
        Predictor predictor,
        List<ServingAdapter> adapters,
        Writer writer,
        Scores scores,
        CutTexts cut,
        NotFinite notFinite) {

    private static final JsonFactory JSON = new JsonFactory();

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /** What a head says of each line. */
    void of(HeadKind head, List<InputLines.Line> lines, Optional<Decoding> decoding)
            throws IOException {
        switch (head) {
            case STREAM, MODEL, CLOZE -> {
                if (adapters.size() > 1) {
                    votes(lines);
                } else {
                    classes(lines);
                }
            }
            case TOKENS -> words(lines);
            case SPANS -> answers(lines);
            case CAUSAL_LM, SEQ_2_SEQ_LM -> continuations(lines, decoding);
        }
    }

    /** {@code {"label", "scores": {...}, "logits": [...]}}. */
    private void classes(List<InputLines.Line> lines) throws IOException {
        List<Classification> results = predictor.classify(requests(lines));
        for (int i = 0; i < results.size(); i++) {
            Classification result = results.get(i);
            count(result.isFinite());
            line(result, json -> classification(result, json));
            scores.add(result.label(), lines.get(i).label());
        }
    }

    /** {@code {"label", "votes", "predictions": [...]}}, a prediction an adapter. */
    private void votes(List<InputLines.Line> lines) throws IOException {
        List<PromptEnsemble.Vote> votes =
                new PromptEnsemble(adapters).classify(predictor, requests(lines));
        for (int i = 0; i < votes.size(); i++) {
            PromptEnsemble.Vote vote = votes.get(i);
            count(vote.predictions().stream().allMatch(Prediction::isFinite));
            line(vote.predictions().get(0), json -> vote(vote, json));
            scores.add(vote.label(), lines.get(i).label());
        }
    }

    private static void vote(PromptEnsemble.Vote vote, JsonGenerator json) throws IOException {
        json.writeStringField("label", vote.label());
        json.writeNumberField("votes", vote.votes());
        json.writeArrayFieldStart("predictions");
        for (Classification prediction : vote.predictions()) {
            json.writeStartObject();
            classification(prediction, json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** {@code {"labels": [...], "scores": [...], "logits": [[...], ...]}}, one a word. */
    private void words(List<InputLines.Line> lines) throws IOException {
        List<Tagging> results = predictor.tag(requests(lines));
        for (int i = 0; i < results.size(); i++) {
            List<Classification> words = results.get(i).words();
            count(results.get(i).isFinite());
            line(results.get(i), json -> tags(words, json));
            String labels =
                    words.stream().map(Classification::label).collect(Collectors.joining(" "));
            scores.add(labels, lines.get(i).label());
        }
    }

    private static void tags(List<Classification> words, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("labels");
        for (Classification word : words) {
            json.writeString(word.label());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("scores");
        for (Classification word : words) {
            NotFinite.write(word.isFinite() ? word.score() : Double.NaN, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("logits");
        for (Classification word : words) {
            array(word.logits(), json);
        }
        json.writeEndArray();
    }

    /**
     * {@code {"answer", "answer_start", "answer_end", "score", "start_logits": [...], "end_logits":
     * [...]}}; characters count from 0, the end is behind the last one.
     */
    private void answers(List<InputLines.Line> lines) throws IOException {
        List<SpanAnswer> results = predictor.answer(requests(lines));
        for (int i = 0; i < results.size(); i++) {
            SpanAnswer answer = results.get(i);
            count(answer.isFinite());
            line(answer, json -> answer(answer, json));
            scores.add(answer.isFinite() ? answer.text() : null, lines.get(i).target());
        }
    }

    private static void answer(SpanAnswer answer, JsonGenerator json) throws IOException {
        if (answer.isFinite()) {
            json.writeStringField("answer", answer.text());
            json.writeNumberField("answer_start", answer.start());
            json.writeNumberField("answer_end", answer.end());
            json.writeNumberField("score", answer.score());
        } else {
            for (String field : List.of("answer", "answer_start", "answer_end", "score")) {
                json.writeNullField(field);
            }
        }
        json.writeFieldName("start_logits");
        array(answer.startLogits(), json);
        json.writeFieldName("end_logits");
        array(answer.endLogits(), json);
    }

    private static void array(float[] values, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (float value : values) {
            NotFinite.write(value, json);
        }
        json.writeEndArray();
    }

    private static void classification(Classification result, JsonGenerator json)
            throws IOException {
        json.writeStringField("label", result.label());
        json.writeObjectFieldStart("scores");
        double[] scores = result.scores();
        for (int i = 0; i < scores.length; i++) {
            json.writeFieldName(result.labels().get(i));
            NotFinite.write(result.isFinite() ? scores[i] : Double.NaN, json);
        }
        json.writeEndObject();
        json.writeFieldName("logits");
        array(result.logits(), json);
    }

    /**
     * {@code {"loss"}}, the mean negative log likelihood of a token, null if none is predicted; and
     * with a decoding {@code "generated"} and {@code "generated_ids"}.
     */
    private void continuations(List<InputLines.Line> lines, Optional<Decoding> decoding)
            throws IOException {
        List<Predictor.Request> requests = requests(lines);
        List<Likelihood> likelihoods = predictor.likelihoods(requests);
        List<Generation> generated =
                decoding.map(d -> predictor.generate(requests, d)).orElse(List.of());
        for (int i = 0; i < likelihoods.size(); i++) {
            double loss = likelihoods.get(i).loss();
            Optional<Generation> next =
                    generated.isEmpty() ? Optional.empty() : Optional.of(generated.get(i));
            count(likelihoods.get(i).isFinite() || likelihoods.get(i).tokens() == 0);
            line(likelihoods.get(i), json -> continuation(loss, next, json));
            scores.add(loss);
            if (next.isPresent()) {
                scores.add(next.get().text(), lines.get(i).target());
            }
        }
    }

    private static void continuation(double loss, Optional<Generation> next, JsonGenerator json)
            throws IOException {
        json.writeFieldName("loss");
        NotFinite.write(loss, json);
        if (next.isPresent()) {
            json.writeStringField("generated", next.get().text());
            json.writeFieldName("generated_ids");
            json.writeArray(next.get().ids(), 0, next.get().ids().length);
        }
    }

    private void count(boolean finite) {
        if (!finite) {
            notFinite.addLine();
        }
    }

    /** The fields of a prediction; {@code "truncated": true} if the text was too long. */
    private void line(Prediction prediction, Fields fields) throws IOException {
        var line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            fields.write(json);
            if (prediction.truncated()) {
                json.writeBooleanField("truncated", true);
                cut.add(1);
            }
            json.writeEndObject();
        }
        writer.append(line.getBuffer()).append('\n');
    }

    private List<Predictor.Request> requests(List<InputLines.Line> lines) {
        ServingAdapter adapter = adapters.isEmpty() ? null : adapters.get(0);
        return lines.stream()
                .map(
                        line ->
                                new Predictor.Request(
                                        adapter, line.text(), line.textPair(), line.target()))
                .toList();
    }
}
