package io.flinkpeft.method.file;

/** How many letters must be put in, left out or changed to make one word of another. */
final class SpellingDistance {

    private SpellingDistance() {}

    /** Levenshtein's distance. */
    static int of(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[before.length];
            now[0] = i;
            for (int j = 1; j < now.length; j++) {
                int changed = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                int moved = Math.min(before[j], now[j - 1]) + 1;
                now[j] = Math.min(moved, before[j - 1] + changed);
            }
            before = now;
        }
        return before[other.length()];
    }
}
