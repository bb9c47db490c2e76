package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import io.flinkpeft.model.Tokens;
import java.util.Arrays;
import java.util.List;

/**
 * One label a text; the outputs are logits.
 *
 * @param byLastToken whether a text answers by its last token
 */
record ClassificationTask(boolean byLastToken) implements Task {

    @Override
    public List<String> labels(Example example) {
        return example.label() == null ? List.of() : List.of(example.label());
    }

    @Override
    public Question question(Example example, List<String> labels, Encoder encoder) {
        long label = example.label() == null ? Question.NONE : labels.indexOf(example.label());
        Tokens tokens = encoder.encode(example.text(), example.textPair());
        if (byLastToken) {
            tokens = encoder.withLast(tokens);
        }
        int[] places = byLastToken ? new int[] {encoder.last(tokens)} : new int[0];
        return new Question(tokens, encoder.echo(tokens), places, new long[] {label});
    }

    @Override
    public int columns(int labels) {
        return labels;
    }

    @Override
    public Answer answer(Question question, float[][] outputs, List<String> known) {
        float[] logits = outputs[0];
        float[] seen = Arrays.copyOf(logits, known.size());
        int best = Prediction.areFinite(seen) ? Softmax.argmax(seen) : -1;
        long label = question.labels()[0];
        return new Answer(
                best < 0 ? null : known.get(best),
                best < 0 ? 0 : Math.exp(Softmax.logProbability(seen, best)),
                label == Question.NONE
                        ? Double.NaN
                        : -Softmax.logProbability(logits, Math.toIntExact(label)));
    }
}
