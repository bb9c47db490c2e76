package io.flinkpeft.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How well an answer is the right one, as SQuAD measures it: case, punctuation, articles and white
 * space do not count.
 *
 * @see <a href="https://arxiv.org/abs/1606.05250">Rajpurkar et al., SQuAD, 2016, section 6.1</a>
 */
public final class AnswerMatch {

    private static final String ASCII_PUNCTUATION = "[!-/:-@\\[-`{-~]";
    private static final String ARTICLES = "(?U)\\b(a|an|the)\\b";

    private AnswerMatch() {}

    /** Whether both are the same words. */
    public static boolean exact(String predicted, String right) {
        return words(predicted).equals(words(right));
    }

    /**
     * The harmonic mean of the shares of words that both have in common, 0 to 1; two answers
     * without words are the same.
     */
    public static double f1(String predicted, String right) {
        List<String> own = words(predicted);
        List<String> others = words(right);
        if (own.isEmpty() || others.isEmpty()) {
            return own.equals(others) ? 1 : 0;
        }
        Map<String, Integer> left = new HashMap<>();
        others.forEach(word -> left.merge(word, 1, Integer::sum));
        int common = 0;
        for (String word : own) {
            if (left.getOrDefault(word, 0) > 0) {
                left.merge(word, -1, Integer::sum);
                common++;
            }
        }
        return 2.0 * common / (own.size() + others.size());
    }

    private static List<String> words(String answer) {
        String plain =
                answer.toLowerCase(Locale.ROOT)
                        .replaceAll(ASCII_PUNCTUATION, "")
                        .replaceAll(ARTICLES, " ")
                        .strip();
        return plain.isEmpty() ? List.of() : List.of(plain.split("(?U)\\s+"));
    }
}
