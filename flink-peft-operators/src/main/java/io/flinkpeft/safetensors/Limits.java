package io.flinkpeft.safetensors;

/**
 * What a reader accepts; checked before anything is allocated.
 *
 * @param headerBytes the longest header, in bytes
 * @param tensors the most tensors
 */
public record Limits(long headerBytes, int tensors) {

    /** The format's own limit: a header of 100 MB. */
    public static final Limits DEFAULT = new Limits(100_000_000, 1_000_000);

    /** For an adapter: a header of 4 MiB, 65,536 tensors. */
    public static final Limits ADAPTER = new Limits(4 << 20, 1 << 16);

    public Limits {
        if (headerBytes < 2 || headerBytes > 100_000_000) {
            throw new IllegalArgumentException(
                    "headerBytes (" + headerBytes + ") must be from 2 to 100000000.");
        }
        if (tensors < 0) {
            throw new IllegalArgumentException("tensors (" + tensors + ") must be at least 0.");
        }
    }
}
