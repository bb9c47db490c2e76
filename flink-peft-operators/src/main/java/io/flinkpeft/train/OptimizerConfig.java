package io.flinkpeft.train;

import io.flinkpeft.method.Magnitude;
import java.io.Serializable;

/**
 * AdamW with a rate for the adapter and one for the head, and clipping of each adapter's own
 * gradient.
 *
 * @param learningRate of the adapter's tensors, more than 0, at most {@link Magnitude#LARGEST};
 *     default 1e-3
 * @param headLearningRate of the head, at least 0, which freezes it, at most {@link
 *     Magnitude#LARGEST}; default 2e-3
 * @param weightDecay decoupled, at least 0; default 0.01
 * @param beta1 decay of the first moment, in [0, 1); default 0.5: a stream drifts, and a long
 *     memory of old gradients costs accuracy after each drift
 * @param beta2 decay of the second moment, in [0, 1); default 0.999
 * @param epsilon added to the denominator, more than 0, at most {@link Magnitude#LARGEST}; default
 *     1e-8
 * @param clipNorm the largest L2 norm of an adapter's gradient, more than 0; infinity clips
 *     nothing; default 10, which only an outlier reaches
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, Decoupled weight decay
 *     regularization, 2017, algorithm 2</a>
 */
public record OptimizerConfig(
        double learningRate,
        double headLearningRate,
        double weightDecay,
        double beta1,
        double beta2,
        double epsilon,
        double clipNorm)
        implements Serializable {

    /** The defaults. */
    public static final OptimizerConfig DEFAULT =
            new OptimizerConfig(1e-3, 2e-3, 0.01, 0.5, 0.999, 1e-8, 10);

    public OptimizerConfig {
        Magnitude.positive("train.learning-rate", learningRate, "");
        Magnitude.atLeastZero("head.learning-rate", headLearningRate);
        Magnitude.positive("train.epsilon", epsilon, "");
        positive("train.clip-norm", clipNorm);
        fraction("train.beta1", beta1);
        fraction("train.beta2", beta2);
        finite("train.weight-decay", weightDecay);
    }

    private static void finite(String name, double value) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(name + " (" + value + ") must be at least 0.");
        }
    }

    private static void positive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(name + " (" + value + ") must be more than 0.");
        }
    }

    private static void fraction(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " (" + value + ") must be in [0, 1).");
        }
    }

    /** The same with an adapter's own rates; one that is null stays. */
    OptimizerConfig withRates(Double learningRate, Double headLearningRate) {
        return new OptimizerConfig(
                learningRate == null ? this.learningRate : learningRate,
                headLearningRate == null ? this.headLearningRate : headLearningRate,
                weightDecay,
                beta1,
                beta2,
                epsilon,
                clipNorm);
    }

    /** What a program knows as the norm to clip to: 0 clips nothing. */
    double clip() {
        return Double.isInfinite(clipNorm) ? 0 : clipNorm;
    }
}
