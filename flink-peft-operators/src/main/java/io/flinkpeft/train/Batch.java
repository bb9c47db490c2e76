package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import java.util.List;

/**
 * The examples of one adapter in one step.
 *
 * @param adapter the adapter before the step
 * @param examples predicted, and trained on if they have a label
 * @param replayed trained on again; not predicted, not counted
 */
public record Batch(LiveAdapter adapter, List<Example> examples, List<Example> replayed) {

    public Batch {
        examples = List.copyOf(examples);
        replayed = List.copyOf(replayed);
    }
}
