package io.flinkpeft.cli;

import io.flinkpeft.event.Example;
import io.flinkpeft.train.HeadKind;
import io.flinkpeft.train.TrainerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The examples of a file, all checked before the first step. */
final class TrainingExamples {

    private TrainingExamples() {}

    static List<Example> of(Path input, List<InputLines.Line> lines, TrainerConfig config) {
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
        if (examples.stream().noneMatch(config.head()::learnsFrom)) {
            throw new IllegalArgumentException(
                    "--input ("
                            + input
                            + ") has no line with a "
                            + (config.head().generates() ? "target" : "label")
                            + ", must have one.");
        }
        return examples;
    }
}
