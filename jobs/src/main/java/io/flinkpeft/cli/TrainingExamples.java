package io.flinkpeft.cli;

import io.flinkpeft.event.Example;
import io.flinkpeft.task.Task;
import io.flinkpeft.train.TrainerConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The examples of a file, all checked before the first step. */
final class TrainingExamples {

    private TrainingExamples() {}

    /** Says on the error stream how many lines teach nothing. */
    static List<Example> of(
            Path input, List<InputLines.Line> lines, TrainerConfig config, PrintWriter err) {
        List<Example> examples = new ArrayList<>();
        for (InputLines.Line line : lines) {
            for (String label : config.task().labels(line.content())) {
                if (!config.labels().isEmpty() && !config.labels().contains(label)) {
                    throw new IllegalArgumentException(
                            input
                                    + " line "
                                    + line.number()
                                    + " has label ("
                                    + label
                                    + "), must have one of "
                                    + config.labels()
                                    + ".");
                }
            }
            examples.add(Example.of("adapter", line.content()));
        }
        Task task = config.task();
        String answer = task.taughtBy();
        long taught = examples.stream().map(Example::content).filter(task::learnsFrom).count();
        if (taught == 0) {
            throw new IllegalArgumentException(
                    "--input (" + input + ") has no line with a " + answer + ", must have one.");
        }
        long others = examples.size() - taught;
        if (others > 0) {
            String have = others == 1 ? "1 line has" : others + " lines have";
            err.println(input + ": " + have + " no " + answer + ": nothing is learned there.");
        }
        return examples;
    }
}
