package io.flinkpeft.flink.config;

import java.io.Serializable;

/**
 * How many adapters a subtask keeps on the device; the others rest in Flink's state.
 *
 * @param adapters how many at most, at least 1; default 256
 * @param bytes how many bytes at most, at least 1; default 1 GiB
 * @param unwrittenBytes how many bytes of them may have changed since they were written to Flink's
 *     state, at least 0: a checkpoint writes the rest; default 128 MiB
 */
public record DeviceCache(int adapters, long bytes, long unwrittenBytes) implements Serializable {

    /** The defaults. */
    public static final DeviceCache DEFAULT = new DeviceCache(256, 1L << 30, 128L << 20);

    public DeviceCache {
        Checks.atLeast(1, "cache.adapters", adapters);
        Checks.atLeast(1, "cache.bytes", bytes);
        Checks.atLeast(0, "cache.unwritten-bytes", unwrittenBytes);
    }

    /** Limits with the default for what may be unwritten. */
    public DeviceCache(int adapters, long bytes) {
        this(adapters, bytes, DEFAULT.unwrittenBytes);
    }
}
