package io.flinkpeft.merge;

/** Which sign of a value wins in TIES. */
public enum MajoritySign {
    /** That of the sum of the values. */
    TOTAL,
    /** That of the most adapters. */
    FREQUENCY
}
