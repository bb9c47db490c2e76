package io.flinkpeft.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Any number of labels a prediction, a line each: how often all are right, and the F1 of labels.
 *
 * <pre>{@code
 * F1       = 2 right / (expected + predicted)
 * micro    of the counts of all labels together; 1 if nothing was expected or predicted
 * macro    the mean over labels that were expected or predicted
 * }</pre>
 *
 * <p>Keeps three counts a label.
 */
public final class MultiLabelEvaluation implements Evaluation {

    /** The share of predictions with all labels that were expected, and no other. */
    public static final String SUBSET_ACCURACY = "subset-accuracy";

    /** The F1 of all labels together. */
    public static final String MICRO_F1 = "micro-f1";

    /** The mean F1 of labels. */
    public static final String MACRO_F1 = "macro-f1";

    private static final class Counts {
        private long expected;
        private long predicted;
        private long right;

        double f1() {
            long all = expected + predicted;
            return all == 0 ? 1 : 2.0 * right / all;
        }
    }

    private final Map<String, Counts> labels = new TreeMap<>();
    private final Counts all = new Counts();
    private long predictions;
    private long exact;

    /** A prediction that is null is no label, and not exact. */
    @Override
    public void add(String predicted, String expected) {
        Set<String> own = lines(predicted == null ? "" : predicted);
        Set<String> right = lines(expected);
        predictions++;
        exact += predicted != null && own.equals(right) ? 1 : 0;
        right.forEach(label -> counts(label).expected++);
        own.forEach(label -> counts(label).predicted++);
        right.stream().filter(own::contains).forEach(label -> counts(label).right++);
        all.expected += right.size();
        all.predicted += own.size();
        all.right += right.stream().filter(own::contains).count();
    }

    private static Set<String> lines(String labels) {
        return Set.copyOf(labels.lines().toList());
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
        values.put(SUBSET_ACCURACY, (double) exact / predictions);
        values.put(MICRO_F1, all.f1());
        values.put(MACRO_F1, labels.values().stream().mapToDouble(Counts::f1).average().orElse(1));
        return values;
    }
}
