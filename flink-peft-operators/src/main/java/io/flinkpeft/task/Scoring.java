package io.flinkpeft.task;

import io.flinkpeft.model.ProblemType;

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

    /** That of a checkpoint's own classifier of a type. */
    static Scoring of(ProblemType type) {
        return switch (type) {
            case SINGLE_LABEL_CLASSIFICATION -> SOFTMAX;
            case MULTI_LABEL_CLASSIFICATION -> SIGMOID;
            case REGRESSION -> VALUE;
        };
    }

    /** The same of so many outputs: one alone excludes no other. */
    Scoring ofOutputs(int outputs) {
        return this == SOFTMAX && outputs == 1 ? SIGMOID : this;
    }

    abstract double score(float[] logits, int index);
}
