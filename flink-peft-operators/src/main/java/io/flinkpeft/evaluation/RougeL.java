package io.flinkpeft.evaluation;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * ROUGE-L: the longest common subsequence of a text's words and a reference's.
 *
 * <pre>{@code
 * P = LCS / words of the text      R = LCS / words of the reference      F = 2 P R / (P + R)
 * }</pre>
 *
 * <p>Differs from the paper: its beta is 1, as in the {@code rouge_score} package. Words are runs
 * of letters and digits, in lower case and not stemmed; that package knows letters of English only.
 *
 * @see <a href="https://aclanthology.org/W04-1013/">Lin, ROUGE, 2004, section 3.1</a>
 */
final class RougeL {

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private RougeL() {}

    /** The F of a text, 0 to 1; 0 if one of both has no words. */
    static double of(String text, String reference) {
        String[] own = words(text);
        String[] right = words(reference);
        double common = commonSubsequence(own, right);
        // 2 P R / (P + R), with nothing to divide by zero
        return common == 0 ? 0 : 2 * common / (own.length + right.length);
    }

    private static String[] words(String text) {
        return BETWEEN_WORDS
                .splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }

    /** The length of the longest sequence that both have in order, not necessarily in a row. */
    private static int commonSubsequence(String[] a, String[] b) {
        int[] before = new int[b.length + 1]; // of a's words so far and each start of b
        for (String word : a) {
            int[] now = Arrays.copyOf(before, before.length);
            for (int j = 1; j <= b.length; j++) {
                now[j] =
                        word.equals(b[j - 1]) ? before[j - 1] + 1 : Math.max(before[j], now[j - 1]);
            }
            before = now;
        }
        return before[b.length];
    }
}
