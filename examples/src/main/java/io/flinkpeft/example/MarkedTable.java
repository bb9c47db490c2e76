package io.flinkpeft.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A table in a document that a program writes: what stands between {@code <!-- table: NAME -->} and
 * {@code <!-- end -->}.
 */
public final class MarkedTable {

    private static final String END = "<!-- end -->";

    private MarkedTable() {}

    /**
     * Replaces the table.
     *
     * @throws IllegalArgumentException if the document has no place for it
     */
    public static void replace(Path document, String name, List<String> table) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(document));
        String start = "<!-- table: " + name + " -->";
        int from = lines.indexOf(start);
        int to = from < 0 ? -1 : from + lines.subList(from, lines.size()).indexOf(END);
        if (to <= from) {
            throw new IllegalArgumentException(
                    "Document ("
                            + document
                            + ") must have a line "
                            + start
                            + " and after it a line "
                            + END
                            + ".");
        }
        lines.subList(from + 1, to).clear();
        lines.addAll(from + 1, table);
        Files.write(document, lines);
    }
}
