package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.PeftConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What a model is asked about a text; its program text defines {@code outputs} and {@code loss}.
 */
interface Task {

    /** A text that every tokenizer has tokens for. */
    String GOOD_TEXT = "a";

    /**
     * Refuses a method that cannot be used with it.
     *
     * @throws IllegalArgumentException with the reason
     */
    default void check(PeftConfig method, Attachment attachment) {}

    /** Refuses a limit of tokens that leaves no room for a text. */
    default void check(Encoder encoder) {}

    /** Why an example cannot be used, if so. */
    default Optional<String> refusal(Example example) {
        return Optional.empty();
    }

    /**
     * An example that can be learned from.
     *
     * @param labels of the head; empty if labels may appear
     */
    default Example good(List<String> labels) {
        return Example.labelled("trial", GOOD_TEXT, labels.isEmpty() ? GOOD_TEXT : labels.get(0));
    }

    /** The labels that an example brings, to be among those of its adapter; null if it has none. */
    List<String> labels(Example example);

    /**
     * What is asked about an example.
     *
     * @param labels of the adapter, the example's own among them
     */
    Question question(Example example, List<String> labels, Encoder encoder);

    /** What the program's loss compares the outputs with, one number an output. */
    default long[] rightAnswers(List<Question> questions) {
        return questions.stream()
                .flatMapToLong(question -> LongStream.of(question.labels()))
                .map(label -> Math.max(label, 0))
                .toArray();
    }

    /** How much each output counts in the loss: those with a label the same, 1 in all. */
    default float[] weights(List<Question> questions) {
        float share = 1f / questions.stream().mapToLong(Question::labelled).sum();
        long[] labels = questions.stream().flatMapToLong(q -> LongStream.of(q.labels())).toArray();
        float[] weights = new float[labels.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = labels[i] == Question.NONE ? 0 : share;
        }
        return weights;
    }

    /** The right answer of an example; null if it has none. */
    default String right(Example example) {
        return example.label();
    }

    /** Whether a prediction can be right at all; else only its loss says how good it is. */
    default boolean judges() {
        return true;
    }

    /**
     * Whether an answer is the right one.
     *
     * @param predicted null, which is wrong, if nothing was predicted
     */
    default boolean correct(String predicted, String right) {
        return right.equals(predicted);
    }

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
     * @param predicted null if nothing can be said, as where an output is not finite
     * @param score the probability of what is predicted, 0 to 1; 0 where nothing is
     * @param loss mean cross entropy of the right answers, nats; NaN if none is known
     */
    record Answer(String predicted, double score, double loss) {}
}
