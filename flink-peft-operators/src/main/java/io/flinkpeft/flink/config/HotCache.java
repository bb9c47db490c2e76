package io.flinkpeft.flink.config;

import java.io.Serializable;

/**
 * How many adapters a subtask keeps on the device; the others rest in Flink's state.
 *
 * @param adapters how many at most, at least 1; default 256
 * @param bytes how many bytes at most, at least 1; default 1 GiB
 */
public record HotCache(int adapters, long bytes) implements Serializable {

    /** The defaults. */
    public static final HotCache DEFAULT = new HotCache(256, 1L << 30);

    public HotCache {
        Checks.atLeast(1, "cache.adapters", adapters);
        Checks.atLeast(1, "cache.bytes", bytes);
    }
}
