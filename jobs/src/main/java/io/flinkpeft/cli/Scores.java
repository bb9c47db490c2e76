package io.flinkpeft.cli;

import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.train.HeadKind;
import java.util.LinkedHashMap;
import java.util.Map;

/** How good the predictions of a file are, where its lines have right answers. */
final class Scores {

    private final Evaluation evaluation;
    private double lossSum;
    private long lossLines;

    Scores(HeadKind head) {
        evaluation = head.evaluation();
    }

    /** Adds a prediction; nothing if the line has no right answer. */
    void add(String predicted, String expected) {
        if (expected != null) {
            evaluation.add(predicted, expected);
        }
    }

    /** Adds a line's mean loss of a token; nothing if it is none. */
    void add(double loss) {
        if (Double.isFinite(loss)) {
            lossSum += loss;
            lossLines++;
        }
    }

    /** The measures by name, such as {@code accuracy}; empty if no right answer was known. */
    Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        if (lossLines > 0) {
            values.put("perplexity", Math.exp(lossSum / lossLines));
        }
        values.putAll(evaluation.values());
        return values;
    }
}
