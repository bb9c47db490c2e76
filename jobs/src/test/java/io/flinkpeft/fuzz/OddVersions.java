package io.flinkpeft.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Versions that were cut as they should be, then changed in one place or several. */
final class OddVersions {

    private static final int LENGTH = 8;

    private final Chance chance;

    OddVersions(Chance chance) {
        this.chance = chance;
    }

    /** The version with other bytes, as one of another adapter. */
    AdapterVersion of(AdapterVersion version, String adapterId, long step) {
        byte[] payload = version.payload();
        do {
            payload = changed(payload);
        } while (chance.oneIn(3));
        return new AdapterVersion(
                adapterId,
                step,
                chance.of(version.parentStep(), -1L, step),
                chance.oneIn(8) ? "ba5e" : version.baseHash(),
                chance.oneIn(8) ? "NOTHING" : version.method(),
                version.numerics(),
                version.lineage(),
                version.metrics(),
                payload,
                Sha256.of(payload));
    }

    private byte[] changed(byte[] payload) {
        if (payload.length < LENGTH) {
            return payload;
        }
        return switch (chance.below(4)) {
            case 0 -> chance.garbled(payload);
            case 1 -> valuesChanged(payload);
            default -> headerChanged(payload);
        };
    }

    private byte[] valuesChanged(byte[] payload) {
        byte[] changed = payload.clone();
        int first = LENGTH + headerLength(payload);
        if (first + 4 > changed.length) {
            return changed;
        }
        int place = first + 4 * chance.below((changed.length - first) / 4);
        float value = chance.of(Float.NaN, Float.POSITIVE_INFINITY, 3e38f, -3e38f, 1e30f);
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putFloat(place, value);
        return changed;
    }

    private byte[] headerChanged(byte[] payload) {
        int length = headerLength(payload);
        String header = new String(payload, LENGTH, length, UTF_8);
        String changed = chance.oneIn(4) ? settingsChanged(header) : numbersChanged(header);
        byte[] bytes = changed.getBytes(UTF_8);
        byte[] values = Arrays.copyOfRange(payload, LENGTH + length, payload.length);
        return ByteBuffer.allocate(LENGTH + bytes.length + values.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length)
                .put(bytes)
                .put(values)
                .array();
    }

    /** A header whose length cannot be right counts as none. */
    private static int headerLength(byte[] payload) {
        long length = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length < 0 || length > payload.length - LENGTH ? 0 : (int) length;
    }

    private String numbersChanged(String header) {
        String setting =
                chance.of(
                        "r",
                        "lora_alpha",
                        "num_virtual_tokens",
                        "num_layers",
                        "token_dim",
                        "lora_dropout");
        String number = chance.of("1000000000", "2147483647", "1e308", "1e30", "-1", "0", "null");
        return header.replaceAll(
                "(\\\\\"" + setting + "\\\\\":\\s*)[-0-9.e+]+", "$1" + number.replace("$", ""));
    }

    private String settingsChanged(String header) {
        return switch (chance.below(5)) {
            case 0 -> header.replaceAll("\\\\\"query\\\\\"", "\\\\\"((){100000}){100000}\\\\\"");
            case 1 -> header.replaceFirst("\"labels\":\"[^}]*?]\"", "\"labels\":\"[null]\"");
            case 2 -> header.replaceFirst("\"F32\"", "\"F16\"");
            case 3 -> header.replaceFirst("\"shape\":\\[\\d+", "\"shape\":[1000000000");
            default -> header.replaceFirst("LORA", "P_TUNING");
        };
    }
}
