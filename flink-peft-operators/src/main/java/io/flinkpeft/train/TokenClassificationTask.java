package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import io.flinkpeft.model.Words;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One label a word; an example has them in one text, with spaces between them. A word is predicted
 * at its first token, as in transformers' examples; the outputs are logits.
 */
final class TokenClassificationTask implements Task {

    @Override
    public Optional<String> refusal(Example example) {
        int words = Words.split(example.text()).size();
        int labels = labels(example).size();
        return example.label() == null || labels == words
                ? Optional.empty()
                : Optional.of(
                        "Label ("
                                + example.label()
                                + ") has "
                                + labels
                                + " words, must have one for each of the text's "
                                + words
                                + ".");
    }

    @Override
    public List<String> labels(Example example) {
        return example.label() == null ? List.of() : Words.split(example.label());
    }

    @Override
    public Question question(Example example, List<String> labels, Encoder encoder) {
        Words words = encoder.words(example.text());
        List<String> own = labels(example);
        long[] known = new long[words.firsts().length];
        for (int i = 0; i < known.length; i++) {
            known[i] = own.isEmpty() ? Question.NONE : labels.indexOf(own.get(words.skipped() + i));
        }
        return new Question(words.tokens(), null, null, words.firsts(), known, words.skipped());
    }

    @Override
    public int columns(int labels) {
        return labels;
    }

    /** The labels of all words in one text; the score is the probability of all of them. */
    @Override
    public Answer answer(Question question, float[][] outputs, List<String> known) {
        if (known.isEmpty()) {
            return new Answer(null, 0, loss(question, outputs));
        }
        StringBuilder predicted = new StringBuilder();
        double logScore = 0;
        for (float[] logits : outputs) {
            float[] seen = Arrays.copyOf(logits, known.size());
            if (!Prediction.areFinite(seen)) {
                return new Answer(null, 0, loss(question, outputs));
            }
            int best = Softmax.argmax(seen);
            logScore += Softmax.logProbability(seen, best);
            predicted.append(predicted.length() == 0 ? "" : " ").append(known.get(best));
        }
        return new Answer(predicted.toString(), Math.exp(logScore), loss(question, outputs));
    }

    private static double loss(Question question, float[][] outputs) {
        double sum = 0;
        for (int i = 0; i < outputs.length; i++) {
            if (question.labels()[i] != Question.NONE) {
                sum -= Softmax.logProbability(outputs[i], Math.toIntExact(question.labels()[i]));
            }
        }
        return question.labelled() == 0 ? Double.NaN : sum / question.labelled();
    }
}
