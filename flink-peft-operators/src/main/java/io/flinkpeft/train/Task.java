package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import java.util.List;
import java.util.Optional;

/**
 * What a model is asked about a text; its program text defines {@code outputs} and {@code loss}.
 */
interface Task {

    /** Why an example cannot be used, if so. */
    default Optional<String> refusal(Example example, Encoder encoder) {
        return Optional.empty();
    }

    /** The labels that an example brings, to be among those of its adapter; null if it has none. */
    List<String> labels(Example example);

    /**
     * What is asked about an example.
     *
     * @param labels of the adapter, the example's own among them
     */
    Question question(Example example, List<String> labels, Encoder encoder);

    /** How many numbers an output has. */
    int columns(int labels);

    /**
     * What the outputs say.
     *
     * @param outputs one for each of the question's labels
     * @param known the labels that can be predicted
     */
    Answer answer(Question question, float[][] outputs, List<String> known);

    /**
     * A prediction.
     *
     * @param predicted null if nothing can be said
     * @param score the probability of what is predicted, 0 to 1
     * @param loss mean cross entropy of the right answers, nats; NaN if none is known
     */
    record Answer(String predicted, double score, double loss) {}
}
