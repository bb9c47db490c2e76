package io.flinkpeft.cli;

import io.flinkpeft.task.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** The labels of a head that the model lacks: those that the user names, or those of the file. */
final class NewLabels {

    @Option(
            names = "--labels",
            split = ",",
            paramLabel = "A,B,...",
            description = {
                "The labels of a new head, in the order of its logits; several times for names"
                        + " with",
                "a comma. Default: those of the file, sorted."
            })
    private List<String> named = List.of();

    boolean named() {
        return !named.isEmpty();
    }

    /**
     * The labels of a new head.
     *
     * @throws IllegalArgumentException if there are fewer than a head can have, or one comes twice
     */
    List<String> of(Task task, Path input, List<InputLines.Line> lines) {
        List<String> labels = named() ? named : inFile(task, lines);
        if (labels.size() < task.leastLabels()) {
            throw new IllegalArgumentException(
                    (named() ? "--labels " : "--input (" + input + ") has labels ")
                            + labels
                            + ", must have at least "
                            + task.leastLabels()
                            + " for a new head. Maybe give --labels.");
        }
        if (new TreeSet<>(labels).size() < labels.size()) {
            throw new IllegalArgumentException("--labels " + labels + " must be different.");
        }
        return labels;
    }

    private static List<String> inFile(Task task, List<InputLines.Line> lines) {
        var labels = new TreeSet<String>();
        lines.forEach(line -> labels.addAll(task.labels(line.content())));
        return new ArrayList<>(labels);
    }

    /** Refuses labels where nobody asks for them. */
    void refuse(String why) {
        if (named()) {
            throw new IllegalArgumentException("--labels " + named + " must be absent: " + why);
        }
    }
}
