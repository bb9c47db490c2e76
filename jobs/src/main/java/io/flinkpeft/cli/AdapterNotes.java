package io.flinkpeft.cli;

import io.flinkpeft.train.AdapterDirectory;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a user should know of an adapter that is used all the same: a line each. */
final class AdapterNotes {

    private AdapterNotes() {}

    /** What was ignored in a directory's files. */
    static void print(AdapterDirectory directory, PrintWriter err) {
        directory.warnings().forEach(err::println);
    }

    /** A head that grew on a stream is no tensor of the base. */
    static void streamHeadLeftOut(Path adapter, PrintWriter err) {
        Path head = adapter.resolve(AdapterDirectory.HEAD);
        if (Files.exists(head)) {
            err.println("File (" + head + ") is left out: a stream's head is no part of the base.");
        }
    }
}
