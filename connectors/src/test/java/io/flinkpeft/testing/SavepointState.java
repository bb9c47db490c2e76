package io.flinkpeft.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.restore.FullSnapshotRestoreOperation;
import org.apache.flink.runtime.state.restore.KeyGroupEntry;
import org.apache.flink.runtime.state.restore.SavepointRestoreResult;

/** The state of an operator in a canonical savepoint, bytes as they lie there. */
public final class SavepointState {

    private static final ClassLoader LOADER = SavepointState.class.getClassLoader();

    private SavepointState() {}

    /**
     * A value of a state.
     *
     * @param state the state's name
     * @param key key group, key and namespace, and the key within a map
     * @param value as its serializer wrote it; behind a byte for null within a map
     */
    public record Entry(String state, byte[] key, byte[] value) {}

    /** All that the operator of this uid holds; keys are strings. */
    public static List<Entry> of(Path savepoint, String uid) throws Exception {
        OperatorState operator = operator(savepoint, uid);
        List<KeyedStateHandle> handles = new ArrayList<>();
        operator.getStates().forEach(subtask -> handles.addAll(subtask.getManagedKeyedState()));
        var entries = new ArrayList<Entry>();
        try (var results =
                new FullSnapshotRestoreOperation<>(
                                new KeyGroupRange(0, operator.getMaxParallelism() - 1),
                                LOADER,
                                handles,
                                StateSerializerProvider.fromNewRegisteredSerializer(
                                        StringSerializer.INSTANCE))
                        .restore()) {
            while (results.hasNext()) {
                read(results.next(), entries);
            }
        }
        return entries;
    }

    /** The operator states of the operator of this uid that have an element in any subtask. */
    public static Set<String> operatorStates(Path savepoint, String uid) throws IOException {
        var names = new TreeSet<String>();
        for (var subtask : operator(savepoint, uid).getStates()) {
            for (var handle : subtask.getManagedOperatorState()) {
                handle.getStateNameToPartitionOffsets()
                        .forEach(
                                (name, info) -> {
                                    if (info.getOffsets().length > 0) {
                                        names.add(name);
                                    }
                                });
            }
        }
        return names;
    }

    private static OperatorState operator(Path savepoint, String uid) throws IOException {
        try (var in = new DataInputStream(Files.newInputStream(savepoint.resolve("_metadata")))) {
            return Checkpoints.loadCheckpointMetadata(in, LOADER, savepoint.toUri().toString())
                    .getOperatorStates()
                    .stream()
                    .filter(state -> state.getOperatorUid().equals(Optional.of(uid)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void read(SavepointRestoreResult result, List<Entry> entries) throws Exception {
        var states = result.getStateMetaInfoSnapshots();
        try (var groups = result.getRestoredKeyGroups()) {
            while (groups.hasNext()) {
                try (var values = groups.next().getKeyGroupEntries()) {
                    while (values.hasNext()) {
                        KeyGroupEntry entry = values.next();
                        String state = states.get(entry.getKvStateId()).getName();
                        entries.add(new Entry(state, entry.getKey(), entry.getValue()));
                    }
                }
            }
        }
    }
}
