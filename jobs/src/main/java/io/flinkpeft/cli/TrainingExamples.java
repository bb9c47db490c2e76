package io.flinkpeft.cli;

import io.flinkpeft.event.Example;
import io.flinkpeft.train.HeadKind;
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
        boolean fixed = config.head() == HeadKind.MODEL;
        List<Example> examples = new ArrayList<>();
        for (InputLines.Line line : lines) {
            String label = line.label();
            if (fixed && label != null && !config.labels().contains(label)) {
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
            examples.add(
                    new Example(
                            "adapter",
                            line.text(),
                            line.textPair(),
                            label,
                            line.target(),
                            0,
                            null,
                            -1,
                            -1));
        }
        boolean target = config.head().generates() || config.head() == HeadKind.SPANS;
        String answer = target ? "target" : "label";
        long taught = examples.stream().filter(config.head()::learnsFrom).count();
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
