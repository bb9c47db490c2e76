package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.task.AnswerColumn.Type;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Any number of labels for a text, each by itself. As JSON: {@code {"labels": [...], "scores":
 * {...}, "logits": [...]}}.
 *
 * @param labels all labels, in the order of the logits
 * @param logits one a label; a label is predicted if its own is more than 0
 * @param truncated whether the text was longer than the limit
 */
public record Labels(List<String> labels, float[] logits, boolean truncated) implements Prediction {

    static final List<AnswerColumn> COLUMNS =
            List.of(
                    AnswerColumn.of("labels", Type.STRINGS, Labels.class, Labels::chosen),
                    AnswerColumn.of("score", Type.DOUBLE, Labels.class, Labels::score),
                    AnswerColumn.of("scores", Type.SCORES, Labels.class, Labels::scores));

    /** The labels that are predicted: those with a probability above one half. */
    public List<String> chosen() {
        return labels.stream().filter(label -> logits[labels.indexOf(label)] > 0).toList();
    }

    /** The probability of each label. */
    public Map<String, Double> scores() {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (int i = 0; i < logits.length; i++) {
            scores.put(labels.get(i), Scoring.SIGMOID.score(logits, i));
        }
        return scores;
    }

    /** The predicted labels, a line each. */
    @Override
    public String predicted() {
        return isFinite() ? String.join("\n", chosen()) : null;
    }

    /** The probability of these labels and no others. */
    @Override
    public double score() {
        return scores().values().stream()
                .mapToDouble(p -> Math.max(p, 1 - p))
                .reduce(1, (a, b) -> a * b);
    }

    @Override
    public boolean isFinite() {
        return Prediction.areFinite(logits);
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("labels");
        for (String label : isFinite() ? chosen() : List.<String>of()) {
            json.writeString(label);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("scores");
        for (Map.Entry<String, Double> score : scores().entrySet()) {
            FiniteJson.field(score.getKey(), isFinite() ? score.getValue() : Double.NaN, json);
        }
        json.writeEndObject();
        FiniteJson.field("logits", logits, json);
    }
}
