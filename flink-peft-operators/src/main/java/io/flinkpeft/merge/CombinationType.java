package io.flinkpeft.merge;

/** How adapters become one; the names are PEFT's. Those with SVD work on the changes themselves. */
public enum CombinationType {
    /** Weighted sums of A and of B: cheap and rough, needs equal ranks. */
    LINEAR(Sparsity.NONE, false, Split.FACTORS),
    /** A below each other, B beside each other: exact, the ranks add up. */
    CAT(Sparsity.NONE, false, Split.CONCATENATED),
    /** The weighted sum of the changes, cut to a rank: the best of that rank. */
    SVD(Sparsity.NONE, false, Split.SVD),
    /** TIES on A and on B: the largest values whose sign won. */
    TIES(Sparsity.LARGEST, true, Split.FACTORS),
    /** TIES on the changes. */
    TIES_SVD(Sparsity.LARGEST, true, Split.SVD),
    /** Random values of A and of B, rescaled. */
    DARE_LINEAR(Sparsity.RANDOM, false, Split.FACTORS),
    /** Random values of A and of B, rescaled, then those whose sign won. */
    DARE_TIES(Sparsity.RANDOM, true, Split.FACTORS),
    /** Random values of the changes, rescaled. */
    DARE_LINEAR_SVD(Sparsity.RANDOM, false, Split.SVD),
    /** Random values of the changes, rescaled, then those whose sign won. */
    DARE_TIES_SVD(Sparsity.RANDOM, true, Split.SVD),
    /** The largest values of A and of B. */
    MAGNITUDE_PRUNE(Sparsity.LARGEST, false, Split.FACTORS),
    /** The largest values of the changes. */
    MAGNITUDE_PRUNE_SVD(Sparsity.LARGEST, false, Split.SVD);

    /** Which values stay; the order is the kernel's. */
    enum Sparsity {
        NONE,
        LARGEST,
        RANDOM
    }

    /** What the result's factors are made of. */
    enum Split {
        FACTORS,
        CONCATENATED,
        SVD
    }

    private final Sparsity sparsity;
    private final boolean election;
    private final Split split;

    CombinationType(Sparsity sparsity, boolean election, Split split) {
        this.sparsity = sparsity;
        this.election = election;
        this.split = split;
    }

    /** Whether a density says how many values stay. */
    public boolean needsDensity() {
        return sparsity != Sparsity.NONE;
    }

    /** Whether which values stay is random, so that a seed matters. */
    public boolean random() {
        return sparsity == Sparsity.RANDOM;
    }

    /** Whether the result is cut to a rank, which may be chosen, and may be clamped. */
    public boolean svd() {
        return split == Split.SVD;
    }

    Sparsity sparsity() {
        return sparsity;
    }

    /** Whether only values count whose sign won, so that {@link MajoritySign} matters. */
    public boolean election() {
        return election;
    }

    Split split() {
        return split;
    }

    /** PEFT's name, such as {@code dare_ties_svd}. */
    public String peftName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
