package io.flinkpeft.train;

import io.flinkpeft.method.Seeds;
import io.flinkpeft.task.Decoding;
import io.flinkpeft.task.Softmax;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Chooses the next token of one text. */
record TokenChoice(Decoding decoding, double repetitionPenalty, long stream) {

    static TokenChoice of(Decoding decoding, double repetitionPenalty, String text) {
        long stream = Seeds.derive(decoding.seed(), "generation", text);
        return new TokenChoice(decoding, repetitionPenalty, stream);
    }

    /**
     * The next token.
     *
     * @param logits of the vocabulary
     * @param seen the tokens that the text has
     * @param step how many tokens were chosen before
     */
    long next(float[] logits, Set<Long> seen, int step) {
        float[] scores = penalised(logits, seen);
        if (decoding.temperature() == 0) {
            return Softmax.argmax(scores);
        }
        List<Integer> order = candidates(scores);
        double[] weights = new double[order.size()];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            double above = scores[order.get(i)] - scores[order.get(0)];
            weights[i] = Math.exp(above / decoding.temperature());
            sum += weights[i];
        }
        int kept = 0;
        double mass = 0;
        while (kept < weights.length && (kept == 0 || mass < decoding.topP() * sum)) {
            mass += weights[kept++];
        }
        double left = Seeds.uniform(stream, step) * mass;
        int chosen = 0;
        while (chosen < kept - 1 && left >= weights[chosen]) {
            left -= weights[chosen++];
        }
        return order.get(chosen);
    }

    /** Keskar et al., CTRL, 2019, arXiv 1909.05858, section 4.1, as in transformers. */
    private float[] penalised(float[] logits, Set<Long> seen) {
        if (repetitionPenalty == 1) {
            return logits;
        }
        float[] scores = logits.clone();
        float penalty = (float) repetitionPenalty;
        for (long token : seen) {
            float score = scores[(int) token];
            scores[(int) token] = score < 0 ? score * penalty : score / penalty;
        }
        return scores;
    }

    /** The tokens to choose from, the most probable first. */
    private List<Integer> candidates(float[] scores) {
        int most = decoding.topK() == 0 ? scores.length : decoding.topK();
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .limit(most)
                .toList();
    }
}
