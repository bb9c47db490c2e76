package io.flinkpeft.cli;

import java.nio.file.Path;

/** An error that says which adapter it is about. */
final class InAdapter {

    private InAdapter() {}

    static IllegalArgumentException of(Path adapter, IllegalArgumentException e) {
        String message = e.getMessage();
        return message.contains(adapter.toString())
                ? e
                : new IllegalArgumentException("Adapter " + adapter + ": " + message, e);
    }
}
