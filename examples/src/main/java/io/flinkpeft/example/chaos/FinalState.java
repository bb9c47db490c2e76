package io.flinkpeft.example.chaos;

import io.flinkpeft.flink.OnlineTraining;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.restore.FullSnapshotRestoreOperation;
import org.apache.flink.runtime.state.restore.KeyGroupEntry;
import org.apache.flink.runtime.state.restore.SavepointRestoreResult;

/**
 * The trainer's keyed state in a canonical savepoint: rows, moments, statistics, lineage, examples
 * that wait, replay; bytes as they lie there. Such a savepoint holds the same for any parallelism.
 */
final class FinalState {

    private static final ClassLoader LOADER = FinalState.class.getClassLoader();

    private FinalState() {}

    /** For each state and key the SHA-256 of the value. */
    static Map<String, String> digests(String savepoint) throws Exception {
        OperatorState operator = trainer(savepoint);
        List<KeyedStateHandle> handles = new ArrayList<>();
        operator.getStates().forEach(subtask -> handles.addAll(subtask.getManagedKeyedState()));
        var digests = new TreeMap<String, String>();
        try (var results =
                new FullSnapshotRestoreOperation<>(
                                new KeyGroupRange(0, operator.getMaxParallelism() - 1),
                                LOADER,
                                handles,
                                StateSerializerProvider.fromNewRegisteredSerializer(
                                        StringSerializer.INSTANCE))
                        .restore()) {
            while (results.hasNext()) {
                read(results.next(), digests);
            }
        }
        return digests;
    }

    private static OperatorState trainer(String savepoint) throws IOException {
        var uid = Optional.of(OnlineTraining.UID);
        Path directory = Path.of(URI.create(savepoint));
        try (var in = new DataInputStream(Files.newInputStream(directory.resolve("_metadata")))) {
            return Checkpoints.loadCheckpointMetadata(in, LOADER, savepoint)
                    .getOperatorStates()
                    .stream()
                    .filter(state -> state.getOperatorUid().equals(uid))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void read(SavepointRestoreResult result, Map<String, String> digests)
            throws Exception {
        var states = result.getStateMetaInfoSnapshots();
        try (var groups = result.getRestoredKeyGroups()) {
            while (groups.hasNext()) {
                try (var entries = groups.next().getKeyGroupEntries()) {
                    while (entries.hasNext()) {
                        KeyGroupEntry entry = entries.next();
                        digests.put(
                                states.get(entry.getKvStateId()).getName() + " of " + key(entry),
                                Sha256.of(entry.getValue()));
                    }
                }
            }
        }
    }

    /** Key group, key and namespace. */
    private static String key(KeyGroupEntry entry) {
        return HexFormat.of().formatHex(entry.getKey());
    }
}
