package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import java.util.List;

/** Steps of one adapter alone, for tests of what it learns. */
final class Training {

    /** Steps after which every tensor of a method has a gradient. */
    private static final int WARM_UP = 3;

    private Training() {}

    static Batch batch(LiveAdapter adapter, List<Example> examples) {
        return new Batch(adapter, examples, List.of());
    }

    /** One step on all examples. */
    static BatchOutcome step(OnlineTrainer trainer, LiveAdapter adapter, List<Example> examples) {
        return trainer.step(List.of(batch(adapter, examples))).get(0);
    }

    /** The adapter after a step on each batch of the examples; a smaller rest is left out. */
    static LiveAdapter learn(
            OnlineTrainer trainer, LiveAdapter start, List<Example> examples, int batchSize) {
        LiveAdapter adapter = start;
        for (int i = 0; i + batchSize <= examples.size(); i += batchSize) {
            adapter = step(trainer, adapter, examples.subList(i, i + batchSize)).after();
        }
        return adapter;
    }

    /**
     * A new adapter after a few steps on the examples, a third of them each.
     *
     * <p>What a test compares must come of gradients, and those of a fresh adapter are zero: its
     * head is, so nothing comes back from it, and then one factor of a product is. Each step wakes
     * one more of them, so the third wakes all.
     */
    static LiveAdapter warmedUp(OnlineTrainer trainer, String id, List<Example> examples) {
        return learn(trainer, trainer.create(id), examples, examples.size() / WARM_UP);
    }
}
