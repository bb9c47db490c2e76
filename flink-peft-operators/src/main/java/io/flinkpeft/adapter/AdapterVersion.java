package io.flinkpeft.adapter;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A published adapter, immutable: {@code adapterId@step}; or the word that an adapter was dropped,
 * which is a version without a payload and ends all versions before it.
 *
 * @param adapterId whose version it is
 * @param step the optimizer step it was cut at; versions of an adapter are ordered by it
 * @param parentStep the step of the version before it, or -1
 * @param baseHash SHA-256 of the frozen base model, hex
 * @param method the PEFT type, such as {@code LORA}
 * @param numerics what decided its bits
 * @param lineage what it was trained on
 * @param metrics what is known of its quality, such as {@code accuracy}; sorted by name
 * @param payload a safetensors file whose metadata holds {@code adapter_config.json}; empty if the
 *     adapter was dropped
 * @param sha256 of the payload, hex
 */
public record AdapterVersion(
        String adapterId,
        long step,
        long parentStep,
        String baseHash,
        String method,
        Numerics numerics,
        Lineage lineage,
        Map<String, Double> metrics,
        byte[] payload,
        String sha256) {

    public AdapterVersion {
        AdapterIds.check(adapterId);
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    }

    /** SHA-256 of no bytes, hex. */
    private static final String SHA256_OF_NOTHING =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /**
     * The word that an adapter was dropped.
     *
     * @param step greater than that of every version before it
     * @param timestampMillis event time of the drop
     */
    public static AdapterVersion removal(String adapterId, long step, long timestampMillis) {
        return new AdapterVersion(
                adapterId,
                step,
                -1,
                "",
                "",
                new Numerics("", 0, "", ""),
                new Lineage(0, timestampMillis, List.of()),
                Map.of(),
                new byte[0],
                SHA256_OF_NOTHING);
    }

    /** Whether it says that the adapter was dropped. */
    public boolean removes() {
        return payload.length == 0;
    }

    /** The same with another payload, and with the hash as it is. */
    public AdapterVersion withPayload(byte[] other) {
        return new AdapterVersion(
                adapterId,
                step,
                parentStep,
                baseHash,
                method,
                numerics,
                lineage,
                metrics,
                other,
                sha256);
    }

    /** {@code adapterId@step}. */
    public String name() {
        return adapterId + "@" + step;
    }

    /** The offset ranges it was trained on. */
    public List<OffsetRange> offsets() {
        return lineage.offsets();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdapterVersion that
                && adapterId.equals(that.adapterId)
                && step == that.step
                && parentStep == that.parentStep
                && baseHash.equals(that.baseHash)
                && method.equals(that.method)
                && numerics.equals(that.numerics)
                && lineage.equals(that.lineage)
                && metrics.equals(that.metrics)
                && sha256.equals(that.sha256)
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return 31 * adapterId.hashCode() + Long.hashCode(step) + sha256.hashCode();
    }

    @Override
    public String toString() {
        return name() + " [" + payload.length + " bytes, sha256 " + sha256 + "]";
    }
}
