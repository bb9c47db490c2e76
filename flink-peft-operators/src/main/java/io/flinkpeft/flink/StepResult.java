package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the worker did for one adapter.
 *
 * @param task what it was asked
 * @param after the adapter now
 * @param learnt whether an optimizer step changed it
 * @param outcome of the step; null if there was none
 * @param version the version that was cut; null if none was due
 */
record StepResult(
        StepTask task,
        Trainer.Adapter after,
        boolean learnt,
        Trainer.Outcome outcome,
        AdapterVersion version) {

    /** Whether the adapter must be written to Flink's state again. */
    boolean changed() {
        return learnt || version != null;
    }

    /** The labelled examples that the step was taken with, in order. */
    List<Example> learntExamples() {
        var examples = new ArrayList<Example>();
        if (learnt) {
            var results = outcome.results().iterator();
            var result = results.hasNext() ? results.next() : null;
            for (Example example : task.examples()) {
                if (result != null && isOf(example, result)) {
                    if (Double.isFinite(result.loss())) {
                        examples.add(example);
                    }
                    result = results.hasNext() ? results.next() : null;
                }
            }
        }
        return examples;
    }

    // results are in the order of the examples; those that were not predicted have none
    private static boolean isOf(Example example, PrequentialResult result) {
        return Objects.equals(example.label(), result.label())
                && Objects.equals(example.topic(), result.topic())
                && example.partition() == result.partition()
                && example.offset() == result.offset()
                && example.timestampMillis() == result.timestampMillis();
    }
}
