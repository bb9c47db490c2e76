package io.flinkpeft.method.bottleneck;

/** Where bottlenecks are; the order is that of the numbers in {@code kernels/bottleneck.py}. */
public enum Placement {
    /** Behind attention and feed-forward, before their norms: {@code double_seq_bn}. */
    HOULSBY,
    /** Behind the feed-forward, on its normalized output: {@code seq_bn}. */
    PFEIFFER,
    /** Beside the feed-forward, on its input: {@code par_bn}. */
    PARALLEL
}
