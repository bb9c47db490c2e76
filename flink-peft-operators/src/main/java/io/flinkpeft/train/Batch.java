package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.event.Example;
import java.util.List;

/**
 * The examples of one adapter in one step.
 *
 * @param adapter the adapter before the step
 * @param settings what it is told; the method and the first step must be those that it has
 * @param examples predicted, and trained on if they have a label
 * @param replayed trained on again; not predicted, not counted
 */
public record Batch(
        LiveAdapter adapter,
        AdapterSettings settings,
        List<Example> examples,
        List<Example> replayed) {

    public Batch {
        examples = List.copyOf(examples);
        replayed = List.copyOf(replayed);
    }

    /** Examples of an adapter that is told nothing besides the trainer's configuration. */
    public Batch(LiveAdapter adapter, List<Example> examples, List<Example> replayed) {
        this(adapter, AdapterSettings.DEFAULT, examples, replayed);
    }
}
