package io.flinkpeft.cli;

import java.io.PrintWriter;

/** Counts the lines of a file whose texts are longer than the model reads. */
final class CutTexts {

    private final int maxTokens;
    private long count;

    /**
     * None yet.
     *
     * @param maxTokens the most tokens of a text, special ones included
     */
    CutTexts(int maxTokens) {
        this.maxTokens = maxTokens;
    }

    void add(long more) {
        count += more;
    }

    /** Says how many there were, if there were any. */
    void print(PrintWriter err) {
        if (count > 0) {
            String texts = count == 1 ? "1 text was" : count + " texts were";
            err.println(texts + " cut, as the model reads at most " + maxTokens + " tokens.");
        }
    }
}
