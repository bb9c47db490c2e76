package io.flinkpeft.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One label a prediction: accuracy, and the F1 of each label averaged over the labels that were
 * expected or predicted.
 *
 * <pre>{@code
 * F1 = 2 precision recall / (precision + recall) = 2 right / (expected + predicted)
 * }</pre>
 *
 * <p>Keeps three counts a label.
 */
public final class LabelEvaluation implements Evaluation {

    /** The share of right predictions. */
    public static final String ACCURACY = "accuracy";

    /** The mean F1 of labels. */
    public static final String MACRO_F1 = "macro-f1";

    private static final class Counts {
        private long expected;
        private long predicted;
        private long right;
    }

    private final Map<String, Counts> labels = new TreeMap<>();
    private long predictions;
    private long right;

    @Override
    public void add(String predicted, String expected) {
        predictions++;
        counts(expected).expected++;
        if (predicted != null) {
            counts(predicted).predicted++;
        }
        if (expected.equals(predicted)) {
            right++;
            counts(expected).right++;
        }
    }

    private Counts counts(String label) {
        return labels.computeIfAbsent(label, key -> new Counts());
    }

    @Override
    public Map<String, Double> values() {
        if (predictions == 0) {
            return Map.of();
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(ACCURACY, (double) right / predictions);
        double sum = labels.values().stream().mapToDouble(LabelEvaluation::f1).sum();
        values.put(MACRO_F1, sum / labels.size());
        return values;
    }

    private static double f1(Counts label) {
        return 2.0 * label.right / (label.expected + label.predicted);
    }
}
