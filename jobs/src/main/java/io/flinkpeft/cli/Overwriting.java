package io.flinkpeft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What an output may replace: what the user allows, and never what the command reads. */
final class Overwriting {

    @Option(names = "--overwrite", description = "Replaces an output that is there.")
    private boolean allowed;

    boolean allowed() {
        return allowed;
    }

    /**
     * Refuses a file that is there, unless it is empty, a pipe or a device.
     *
     * @param option that names it
     * @param inputs what the command reads, files or directories, by their options
     */
    void checkFile(String option, Path output, Map<String, List<Path>> inputs) throws IOException {
        checkInputs(option, output, inputs);
        if (!allowed && Files.isRegularFile(output) && Files.size(output) > 0) {
            throw new IllegalArgumentException(
                    option
                            + " ("
                            + output
                            + ") must not be there. Maybe give --overwrite, which replaces it.");
        }
    }

    /** Refuses what the command reads, and a file in a directory that it reads. */
    static void checkInputs(String option, Path output, Map<String, List<Path>> inputs)
            throws IOException {
        for (Map.Entry<String, List<Path>> entry : inputs.entrySet()) {
            for (Path input : entry.getValue()) {
                if (replaces(real(output), real(input))) {
                    throw new IllegalArgumentException(
                            option
                                    + " ("
                                    + output
                                    + ") must not replace what "
                                    + entry.getKey()
                                    + " ("
                                    + input
                                    + ") reads.");
                }
            }
        }
    }

    /** Whether both are one file, or one is in the directory that the other is. */
    private static boolean replaces(Path output, Path input) throws IOException {
        boolean within = output.startsWith(input) && Files.exists(output);
        boolean around = input.startsWith(output) && Files.isRegularFile(input);
        return output.equals(input) || isLink(output, input) || within || around;
    }

    private static boolean isLink(Path one, Path other) throws IOException {
        return Files.isRegularFile(one)
                && Files.isRegularFile(other)
                && Files.isSameFile(one, other);
    }

    private static Path real(Path path) throws IOException {
        return Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize();
    }
}
