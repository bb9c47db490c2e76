package io.flinkpeft.example.chaos;

import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.flink.OnlineTraining;
import io.flinkpeft.testing.SavepointState;
import java.net.URI;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The trainer's keyed state in a canonical savepoint: rows, moments, statistics, lineage, examples
 * that wait, replay. Such a savepoint holds the same for any parallelism.
 */
final class FinalState {

    private FinalState() {}

    /** For each state and key the SHA-256 of the value. */
    static Map<String, String> digests(String savepoint) throws Exception {
        var digests = new TreeMap<String, String>();
        for (var entry : SavepointState.of(Path.of(URI.create(savepoint)), OnlineTraining.UID)) {
            digests.put(
                    entry.state() + " of " + HexFormat.of().formatHex(entry.key()),
                    Sha256.of(entry.value()));
        }
        return digests;
    }
}
