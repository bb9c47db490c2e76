package io.flinkpeft.cli;

import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.task.Prediction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How good the predictions of a file are, where its lines have right answers.
 *
 * @param measures one for each that is asked
 */
record Scores(List<Measure> measures) {

    /**
     * What measures predictions.
     *
     * @param evaluation counts them
     * @param reference the right answer of a line; null if it has none
     */
    record Measure(Evaluation evaluation, Function<ExampleContent, String> reference) {}

    /** Adds a prediction; nothing if the line has no right answer. */
    void add(int asked, Prediction prediction, ExampleContent line) {
        Measure measure = measures.get(asked);
        prediction.measure(measure.evaluation, measure.reference.apply(line));
    }

    /** Adds what was voted for; nothing if the line has no right answer. */
    void add(String predicted, ExampleContent line) {
        Measure measure = measures.get(0);
        String reference = measure.reference.apply(line);
        if (reference != null) {
            measure.evaluation.add(predicted, reference);
        }
    }

    /** The measures by name, such as {@code accuracy}; empty if no right answer was known. */
    Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        measures.forEach(measure -> values.putAll(measure.evaluation.values()));
        return values;
    }
}
