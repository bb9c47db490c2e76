package io.flinkpeft.method.adalora;

import io.flinkpeft.method.Magnitude;
import java.io.Serializable;

/**
 * How AdaLoRA measures importance, and how strongly it keeps A and B orthogonal.
 *
 * @param beta1 decay of the moving mean of sensitivity, in (0, 1); default 0.85
 * @param beta2 decay of the moving mean of uncertainty, in (0, 1); default 0.85
 * @param orthogonality weight of the regularizer in the loss, at least 0 and at most {@link
 *     Magnitude#LARGEST}; default 0.5, PEFT's: the authors take 0.1
 */
public record Importance(double beta1, double beta2, double orthogonality) implements Serializable {

    /** Every default. */
    public static final Importance DEFAULT = new Importance(0.85, 0.85, 0.5);

    public Importance {
        inside("beta1", beta1);
        inside("beta2", beta2);
        Magnitude.atLeastZero("orth_reg_weight", orthogonality);
    }

    private static void inside(String what, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(what + " (" + value + ") must be in (0, 1).");
        }
    }
}
