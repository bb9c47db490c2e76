package io.flinkpeft.merge;

/**
 * How a merged weight gets back to the type of the base; it matters in half precision only. Both
 * are PEFT's ways, bit for bit.
 */
public enum Rounding {
    /** The sum is rounded: what {@code merge_and_unload()} does. */
    ONCE,
    /**
     * The change is rounded, then the sum; values that are not finite are refused. What {@code
     * merge_and_unload(safe_merge=True)} does.
     */
    TWICE_AND_CHECKED
}
