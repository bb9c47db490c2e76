package io.flinkpeft.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which labels an adapter may learn: a fixed set, or whatever appears, up to a bound.
 *
 * @param fixed whether the set is fixed
 * @param maxLabels the bound of a growing set
 */
record LabelRule(boolean fixed, int maxLabels) {

    /** The most characters of a label of a growing set. */
    static final int MAX_LENGTH = 1_000;

    /** The smallest head of a growing set. */
    static final int MIN_CAPACITY = 8;

    /** Why a label cannot be learned by an adapter that knows these, if so. */
    Optional<String> refusal(String label, List<String> known) {
        if (known.contains(label)) {
            return Optional.empty();
        }
        if (fixed) {
            return Optional.of("Label (" + label + ") must be one of " + known + ".");
        }
        if (label.length() > MAX_LENGTH) {
            return Optional.of(
                    "Label ("
                            + label.substring(0, 20)
                            + "...) has "
                            + label.length()
                            + " characters, must have at most "
                            + MAX_LENGTH
                            + ".");
        }
        if (known.size() >= maxLabels) {
            return Optional.of(
                    "Label ("
                            + label
                            + ") is new and the adapter has "
                            + known.size()
                            + " labels, head.max-labels ("
                            + maxLabels
                            + ") must be larger.");
        }
        return Optional.empty();
    }

    static List<String> plus(List<String> labels, String label) {
        if (labels.contains(label)) {
            return labels;
        }
        List<String> more = new ArrayList<>(labels);
        more.add(label);
        return more;
    }

    /** Room for so many labels: all of a fixed set, else a power of two. */
    int capacity(int labels) {
        if (fixed) {
            return labels;
        }
        int needed = Math.max(labels, MIN_CAPACITY);
        return Integer.highestOneBit(2 * needed - 1);
    }
}
