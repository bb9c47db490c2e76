package io.flinkpeft.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * A run of the command line in this JVM.
 *
 * @param code the exit code
 * @param out what it printed
 * @param err the lines of the error stream
 */
record Run(int code, String out, List<String> err) {

    static Run of(Object... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        String[] texts = List.of(args).stream().map(Object::toString).toArray(String[]::new);
        int code = FlinkPeft.run(new PrintWriter(out, true), new PrintWriter(err, true), texts);
        return new Run(code, out.toString(), err.toString().lines().toList());
    }

    /** The one line of a failure. */
    String failure() {
        if (code != 1 || err.size() != 1) {
            throw new AssertionError("Expected exit code 1 and one line, got " + this);
        }
        return err.get(0);
    }
}
