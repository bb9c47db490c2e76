package io.flinkpeft.testing;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.adapter.NumericsChange;
import io.flinkpeft.adapter.OffsetRange;
import io.flinkpeft.adapter.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Adapter versions with random payloads, the same for the same adapter and step: for what carries
 * versions and never opens them, as topics do. What predicts takes {@code TinyVersions}.
 */
public final class RandomVersions {

    private RandomVersions() {}

    /** A version that follows the step before it. */
    public static AdapterVersion version(String adapterId, long step, int bytes) {
        var payload = new byte[bytes];
        new Random(31L * adapterId.hashCode() + step).nextBytes(payload);
        var ranges =
                List.of(
                        new OffsetRange("a topic", 0, 3, 3 + step, step),
                        new OffsetRange("examples", 1, 0, step, step + 1));
        var change = new NumericsChange(2, new Numerics("bf16", 2, "gpu", "libtorch 2, other"));
        return new AdapterVersion(
                adapterId,
                step,
                step - 1,
                "ba5e",
                "LORA",
                new Numerics("fp32", 1, "cpu", "libtorch 2.7.1"),
                new Lineage(2 * step + 1, 1_700_000_000_000L + step, ranges, List.of(change)),
                Map.of("accuracy", 0.1 + step / 1000.0, "loss", Double.NaN),
                payload,
                Sha256.of(payload));
    }
}
