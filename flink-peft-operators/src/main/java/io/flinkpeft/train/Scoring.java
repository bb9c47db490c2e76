package io.flinkpeft.train;

import io.flinkpeft.model.ProblemType;
import java.util.Optional;

/** How logits become scores, as in the text classification pipeline of transformers. */
public enum Scoring {
    /** Probabilities of labels that exclude each other. */
    SOFTMAX {
        @Override
        double score(float[] logits, int index) {
            return Math.exp(Softmax.logProbability(logits, index));
        }
    },
    /** The probability of each label by itself. */
    SIGMOID {
        @Override
        double score(float[] logits, int index) {
            return 1 / (1 + Math.exp(-logits[index]));
        }
    },
    /** The numbers as they are. */
    VALUE {
        @Override
        double score(float[] logits, int index) {
            return logits[index];
        }
    };

    /**
     * That of a checkpoint's own classifier.
     *
     * @param type what its configuration says, if anything
     * @param outputs how many numbers it gives
     */
    static Scoring of(Optional<ProblemType> type, int outputs) {
        if (type.equals(Optional.of(ProblemType.REGRESSION))) {
            return VALUE;
        }
        boolean each = type.equals(Optional.of(ProblemType.MULTI_LABEL_CLASSIFICATION));
        return each || outputs == 1 ? SIGMOID : SOFTMAX;
    }

    abstract double score(float[] logits, int index);
}
