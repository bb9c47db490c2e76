package io.flinkpeft.method.bottleneck;

import java.util.List;
import java.util.Locale;

/**
 * The function inside a bottleneck, by AdapterHub's name in lower case; the order is that of the
 * numbers in {@code kernels/bend.py}.
 */
public enum NonLinearity {
    /** {@code max(0, x)}. */
    RELU,
    /** {@code x Phi(x)}. */
    GELU,
    /** {@code x sigmoid(x)}. */
    SWISH,
    /** The hyperbolic tangent. */
    TANH,
    /** {@link #GELU} by a hyperbolic tangent. */
    GELU_NEW;

    /** The name in files. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The function of a name in a file, such as {@code relu}.
     *
     * @throws IllegalArgumentException if there is none
     */
    static NonLinearity of(String name) {
        String known = name.equalsIgnoreCase("silu") ? SWISH.name() : name;
        for (NonLinearity function : values()) {
            if (function.name().equalsIgnoreCase(known)) {
                return function;
            }
        }
        throw new IllegalArgumentException(
                "non_linearity (" + name + ") must be one of " + List.of(values()) + ".");
    }
}
