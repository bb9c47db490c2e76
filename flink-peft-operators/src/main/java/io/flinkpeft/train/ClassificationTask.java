package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import java.util.Arrays;
import java.util.List;

/** One label a text; the outputs are logits. */
final class ClassificationTask implements Task {

    @Override
    public List<String> labels(Example example) {
        return example.label() == null ? List.of() : List.of(example.label());
    }

    @Override
    public Question question(Example example, List<String> labels, Encoder encoder) {
        long label = example.label() == null ? Question.NONE : labels.indexOf(example.label());
        return Question.whole(encoder.encode(example.text(), example.textPair()), label);
    }

    @Override
    public int columns(int labels) {
        return labels;
    }

    @Override
    public Answer answer(Question question, float[][] outputs, List<String> known) {
        float[] logits = outputs[0];
        float[] seen = Arrays.copyOf(logits, known.size());
        int best = Softmax.argmax(seen);
        long label = question.labels()[0];
        return new Answer(
                best < 0 ? null : known.get(best),
                best < 0 ? 0 : Math.exp(Softmax.logProbability(seen, best)),
                label == Question.NONE
                        ? Double.NaN
                        : -Softmax.logProbability(logits, Math.toIntExact(label)));
    }
}
