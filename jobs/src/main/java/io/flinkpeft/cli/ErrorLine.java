package io.flinkpeft.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** One line for what went wrong. */
final class ErrorLine {

    private ErrorLine() {}

    static String of(Throwable error) {
        return text(error).strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static String text(Throwable error) {
        if (error instanceof NoSuchFileException missing) {
            return "File (" + missing.getFile() + ") must exist.";
        }
        if (error instanceof AccessDeniedException denied) {
            return "File (" + denied.getFile() + ") must be accessible.";
        }
        if (error instanceof FileSystemException file) {
            return "File (" + file.getFile() + ") must be usable: " + file.getReason() + ".";
        }
        if (error instanceof OutOfMemoryError) {
            return "Memory must be enough. Maybe set FLINK_PEFT_JAVA_OPTS=-Xmx8g.";
        }
        boolean ours = error instanceof IllegalArgumentException && error.getMessage() != null;
        // of an error that nobody foresaw the message alone says too little
        return ours || error instanceof picocli.CommandLine.PicocliException
                ? error.getMessage()
                : error + ". Maybe see where with --debug.";
    }
}
