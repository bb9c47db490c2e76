package io.flinkpeft.cli;

import io.flinkpeft.json.RecordField;
import io.flinkpeft.json.UnusableRecordException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.TreeSet;

/** The keys of a file's lines that no record has, such as misspelled ones; the first of them. */
final class IgnoredKeys {

    private static final int MOST = 10;

    private final TreeSet<String> first = new TreeSet<>();
    private boolean more;

    void add(String key) {
        // a line break in a key must not begin a line of its own
        String shown = UnusableRecordException.shown(key).replaceAll("\\p{Cntrl}", "?");
        if (first.add(shown) && first.size() > MOST) {
            first.pollLast();
            more = true;
        }
    }

    /** Says which they were, sorted, if there were any. */
    void print(Path input, PrintWriter err) {
        if (!first.isEmpty()) {
            err.println(
                    "Keys "
                            + first
                            + (more ? " and more" : "")
                            + " of --input ("
                            + input
                            + ") were ignored; what is read is "
                            + RecordField.OF_CONTENT.stream().map(RecordField::key).toList()
                            + ".");
        }
    }
}
