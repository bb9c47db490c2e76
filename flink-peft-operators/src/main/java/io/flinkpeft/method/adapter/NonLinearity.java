package io.flinkpeft.method.adapter;

/**
 * The function inside a bottleneck, by AdapterHub's name in lower case; the order is that of the
 * numbers in {@code kernels/bottleneck.py}.
 */
public enum NonLinearity {
    /** {@code max(0, x)}. */
    RELU,
    /** {@code x Phi(x)}. */
    GELU,
    /** {@code x sigmoid(x)}. */
    SWISH,
    /** The hyperbolic tangent. */
    TANH
}
