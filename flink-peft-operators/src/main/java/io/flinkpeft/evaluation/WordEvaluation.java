package io.flinkpeft.evaluation;

import java.util.Map;

/**
 * One label a word, as a text with spaces between them: what {@link LabelEvaluation} says of all
 * words. A word without a prediction, as of a text that was too long, is wrong.
 */
public final class WordEvaluation implements Evaluation {

    private final LabelEvaluation words = new LabelEvaluation();

    @Override
    public void add(String predicted, String expected) {
        String[] own = split(predicted == null ? "" : predicted);
        String[] right = split(expected);
        for (int i = 0; i < right.length; i++) {
            words.add(i < own.length ? own[i] : null, right[i]);
        }
    }

    private static String[] split(String labels) {
        return labels.isBlank() ? new String[0] : labels.strip().split("\\p{javaWhitespace}+");
    }

    @Override
    public Map<String, Double> values() {
        return words.values();
    }
}
