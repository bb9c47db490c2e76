package io.flinkpeft.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * BLEU of all texts together: how many of their n-grams, of one to four tokens, the references
 * have.
 *
 * <pre>{@code
 * p_n  = n-grams found / n-grams       each found at most as often as a reference has it
 * BLEU = min(1, exp(1 - r / c)) * (p_1 p_2 p_3 p_4) ^ (1/4)
 *
 *   c  tokens of the texts        r  tokens of the references nearest to them in length
 * }</pre>
 *
 * <p>Not smoothed: it is 0 while no n-gram of four tokens is found, as of a few short texts. Tokens
 * are those of {@code mteval-v13a}, with their case, so that it is sacreBLEU's number, divided by
 * 100, wherever no precision is zero.
 *
 * @see <a href="https://aclanthology.org/P02-1040/">Papineni et al., BLEU, 2002, section 2</a>
 */
final class Bleu {

    private static final int ORDER = 4;
    private static final Pattern ALONE =
            Pattern.compile("[\\p{Punct}&&[^',.-]]|(?<![0-9])[.,]|[.,](?![0-9])|(?<=[0-9])-");

    private final long[] found = new long[ORDER];
    private final long[] all = new long[ORDER];
    private long length;
    private long referenceLength;

    /** The tokens of a text: punctuation stands alone, but for that inside of numbers and words. */
    static List<String> tokens(String text) {
        String spaced = ALONE.matcher(text).replaceAll(" $0 ").strip();
        return spaced.isEmpty() ? List.of() : List.of(spaced.split("\\p{javaWhitespace}+"));
    }

    /**
     * Adds a text.
     *
     * @param text its tokens
     * @param references the tokens of each right text, at least one
     */
    void add(List<String> text, List<List<String>> references) {
        length += text.size();
        referenceLength += nearestLength(text.size(), references);
        for (int n = 1; n <= ORDER; n++) {
            Map<List<String>, Integer> own = grams(text, n);
            Map<List<String>, Integer> most = new HashMap<>();
            for (List<String> reference : references) {
                grams(reference, n).forEach((gram, count) -> most.merge(gram, count, Math::max));
            }
            for (Map.Entry<List<String>, Integer> gram : own.entrySet()) {
                all[n - 1] += gram.getValue();
                found[n - 1] += Math.min(gram.getValue(), most.getOrDefault(gram.getKey(), 0));
            }
        }
    }

    private static int nearestLength(int length, List<List<String>> references) {
        int nearest = references.get(0).size();
        for (List<String> reference : references) {
            int distance = Math.abs(reference.size() - length);
            int shortest = Math.abs(nearest - length);
            if (distance < shortest || (distance == shortest && reference.size() < nearest)) {
                nearest = reference.size();
            }
        }
        return nearest;
    }

    private static Map<List<String>, Integer> grams(List<String> tokens, int n) {
        Map<List<String>, Integer> grams = new HashMap<>();
        for (int i = 0; i + n <= tokens.size(); i++) {
            grams.merge(tokens.subList(i, i + n), 1, Integer::sum);
        }
        return grams;
    }

    /** The precision {@code p_n}; 0 if there is no n-gram. */
    double precision(int n) {
        return all[n - 1] == 0 ? 0 : (double) found[n - 1] / all[n - 1];
    }

    /** BLEU, 0 to 1. */
    double value() {
        double logs = 0;
        for (int n = 1; n <= ORDER; n++) {
            logs += Math.log(precision(n)) / ORDER;
        }
        double penalty =
                length == 0 ? 0 : Math.exp(Math.min(0, 1 - (double) referenceLength / length));
        return penalty * Math.exp(logs);
    }
}
