package io.flinkpeft.train;

import java.io.Serializable;

/**
 * AdamW with a rate for the adapter and one for the head, and clipping of each adapter's own
 * gradient.
 *
 * @param learningRate of the adapter's tensors, more than 0; default 1e-3
 * @param headLearningRate of the stream head, more than 0; default 3e-3
 * @param weightDecay decoupled, at least 0; default 0.01
 * @param beta1 decay of the first moment, in [0, 1); default 0.9
 * @param beta2 decay of the second moment, in [0, 1); default 0.999
 * @param epsilon added to the denominator, more than 0; default 1e-8
 * @param clipNorm the largest L2 norm of an adapter's gradient, more than 0; infinity clips
 *     nothing; default 1
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
            new OptimizerConfig(1e-3, 3e-3, 0.01, 0.9, 0.999, 1e-8, 1.0);
}
