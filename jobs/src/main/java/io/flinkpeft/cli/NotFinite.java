package io.flinkpeft.cli;

import java.io.PrintWriter;

/** Results that are no numbers: how many lines have them. */
final class NotFinite {

    private long lines;

    void addLine() {
        lines++;
    }

    /** Says how many lines there were, if there were any. */
    void print(PrintWriter err) {
        if (lines > 0) {
            String have = lines == 1 ? "1 line has" : lines + " lines have";
            err.println(
                    have
                            + " no finite result, so null. Maybe the values of the adapter or of"
                            + " the model are too large.");
        }
    }
}
