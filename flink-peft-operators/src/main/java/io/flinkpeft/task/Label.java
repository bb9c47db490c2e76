package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.task.AnswerColumn.Type;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One of several labels. As JSON: {@code {"label", "scores": {...}, "logits": [...]}}.
 *
 * @param label the one with the highest score; null if the adapter knows none, a logit is not
 *     finite, or there was nothing to predict from
 * @param score its probability, 0 to 1; of a regression its value
 * @param labels all labels, in the order of the logits
 * @param logits one a label; none if there was nothing to predict from
 * @param scoring how they become scores
 * @param truncated whether the text was longer than the limit
 */
public record Label(
        String label,
        double score,
        List<String> labels,
        float[] logits,
        Scoring scoring,
        boolean truncated)
        implements Prediction {

    static final List<AnswerColumn> COLUMNS =
            List.of(
                    AnswerColumn.of("label", Type.STRING, Label.class, Label::label),
                    AnswerColumn.of("score", Type.DOUBLE, Label.class, Label::scoreIfAny),
                    AnswerColumn.of("scores", Type.SCORES, Label.class, Label::scoreOfEach));

    /** A predicted label of several that exclude each other. */
    public Label(String label, double score, List<String> labels, float[] logits) {
        this(label, score, labels, logits, Scoring.SOFTMAX, false);
    }

    /** Of logits that are not finite no label is the best. */
    static Label of(List<String> labels, float[] logits, Scoring scoring, boolean truncated) {
        int best = Prediction.areFinite(logits) ? Softmax.argmax(logits) : -1;
        String label = best < 0 ? null : labels.get(best);
        double score = best < 0 ? 0 : scoring.score(logits, best);
        return new Label(label, score, labels, logits, scoring, truncated);
    }

    /** Where there is nothing to predict from: no logits. */
    static Label none(List<String> labels, Scoring scoring, boolean truncated) {
        return new Label(null, 0, labels, new float[0], scoring, truncated);
    }

    /** Whether there was nothing to predict from. */
    boolean isNone() {
        return logits.length == 0;
    }

    private Double scoreIfAny() {
        return label == null ? null : score;
    }

    private Map<String, Double> scoreOfEach() {
        double[] values = scores();
        Map<String, Double> scores = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            scores.put(labels.get(i), values[i]);
        }
        return scores;
    }

    /** The score of each label, in the order of the logits. */
    public double[] scores() {
        double[] scores = new double[logits.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scoring.score(logits, i);
        }
        return scores;
    }

    @Override
    public String predicted() {
        return label;
    }

    @Override
    public boolean isFinite() {
        return Prediction.areFinite(logits);
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
        json.writeStringField("label", label);
        json.writeObjectFieldStart("scores");
        double[] scores = scores();
        for (int i = 0; i < scores.length; i++) {
            FiniteJson.field(labels.get(i), isFinite() ? scores[i] : Double.NaN, json);
        }
        json.writeEndObject();
        FiniteJson.field("logits", logits, json);
    }
}
