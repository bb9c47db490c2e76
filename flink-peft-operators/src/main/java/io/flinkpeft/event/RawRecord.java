package io.flinkpeft.event;

import java.util.Arrays;

/**
 * The bytes of the record that an event was read from, for its dead letter.
 *
 * <p>A public record: Flink serializes it as a POJO.
 *
 * @param key null if the record has none
 * @param value null if the record has none
 */
public record RawRecord(byte[] key, byte[] value) {

    /** The same without its value, where the event is no longer what the value says. */
    public RawRecord withoutValue() {
        return new RawRecord(key, null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawRecord that
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(key) + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "RawRecord[key " + length(key) + ", value " + length(value) + "]";
    }

    private static String length(byte[] bytes) {
        return bytes == null ? "absent" : bytes.length + " bytes";
    }
}
