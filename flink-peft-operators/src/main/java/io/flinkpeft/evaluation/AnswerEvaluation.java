package io.flinkpeft.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;

/** Answers from a text: the means of {@link AnswerMatch}'s exact match and F1. */
public final class AnswerEvaluation implements Evaluation {

    /** The share of answers with the same words as the right one. */
    public static final String EXACT_MATCH = "exact-match";

    /** The mean F1 of an answer's words. */
    public static final String F1 = "f1";

    private long answers;
    private long exact;
    private double f1;

    @Override
    public void add(String predicted, String expected) {
        String answer = predicted == null ? "" : predicted;
        answers++;
        exact += AnswerMatch.exact(answer, expected) ? 1 : 0;
        f1 += AnswerMatch.f1(answer, expected);
    }

    @Override
    public Map<String, Double> values() {
        if (answers == 0) {
            return Map.of();
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(EXACT_MATCH, (double) exact / answers);
        values.put(F1, f1 / answers);
        return values;
    }
}
