package io.flinkpeft.cli;

import io.flinkpeft.train.AdapterDirectory;
import java.io.PrintWriter;

/** What a user should know of an adapter that is used all the same: a line each. */
final class AdapterNotes {

    private AdapterNotes() {}

    /** What was ignored in a directory's files. */
    static void print(AdapterDirectory directory, PrintWriter err) {
        directory.warnings().forEach(err::println);
    }
}
