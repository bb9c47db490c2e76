package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterStateCodec;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.AdapterVersionCodec;
import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.flink.state.AdapterVersionSerializer;
import io.flinkpeft.flink.state.TrainerStates;
import io.flinkpeft.train.Trainer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** One subtask of the trainer in Flink's test harness. */
final class TrainerHarness implements AutoCloseable {

    /** Where state lives; the heap hides faults of serializers, so tests run on both. */
    enum Backend {
        HEAP {
            @Override
            StateBackend create() {
                return new HashMapStateBackend();
            }
        },
        ROCKSDB {
            @Override
            StateBackend create() {
                return new EmbeddedRocksDBStateBackend(false); // a snapshot restores alone
            }
        };

        abstract StateBackend create();
    }

    private static final int MAX_PARALLELISM = 128;

    final KeyedOneInputStreamOperatorTestHarness<String, TrainingEvent, AdapterVersion> flink;
    private final int parallelism;
    private final int subtask;

    private TrainerHarness(
            Backend backend,
            TrainingSettings settings,
            Trainer.Factory trainer,
            int parallelism,
            int subtask)
            throws Exception {
        this.parallelism = parallelism;
        this.subtask = subtask;
        flink =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new TrainerOperatorFactory(settings, trainer),
                        OnlineTraining::key,
                        Types.STRING,
                        MAX_PARALLELISM,
                        parallelism,
                        subtask);
        flink.setStateBackend(backend.create());
        flink.setup(AdapterVersionSerializer.INSTANCE);
    }

    static TrainerHarness start(Backend backend, TrainingSettings settings, Trainer.Factory trainer)
            throws Exception {
        return start(backend, settings, trainer, 1, 0);
    }

    static TrainerHarness start(
            Backend backend,
            TrainingSettings settings,
            Trainer.Factory trainer,
            int parallelism,
            int subtask)
            throws Exception {
        var harness = new TrainerHarness(backend, settings, trainer, parallelism, subtask);
        harness.flink.open();
        return harness;
    }

    static TrainerHarness restore(
            Backend backend,
            TrainingSettings settings,
            Trainer.Factory trainer,
            OperatorSubtaskState state)
            throws Exception {
        var harness = new TrainerHarness(backend, settings, trainer, 1, 0);
        harness.flink.initializeState(state);
        harness.flink.open();
        return harness;
    }

    /** One of {@code parallelism} subtasks, from the states of all subtasks before. */
    static TrainerHarness rescale(
            Backend backend,
            TrainingSettings settings,
            Trainer.Factory trainer,
            List<OperatorSubtaskState> states,
            int parallelism,
            int subtask)
            throws Exception {
        var harness = new TrainerHarness(backend, settings, trainer, parallelism, subtask);
        var all =
                AbstractStreamOperatorTestHarness.repackageState(
                        states.toArray(OperatorSubtaskState[]::new));
        harness.flink.initializeState(
                AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        all, MAX_PARALLELISM, states.size(), parallelism, subtask));
        harness.flink.open();
        return harness;
    }

    /** Whether a watermark comes before each event, as late as it may be. */
    boolean watermarks;

    /** Gives it those events whose keys are this subtask's. */
    TrainerHarness process(Collection<? extends TrainingEvent> events) throws Exception {
        for (TrainingEvent event : events) {
            if (watermarks) {
                watermarkBefore(event);
            }
            String key = OnlineTraining.key(event);
            if (KeyGroupRangeAssignment.assignKeyToParallelOperator(
                            key, MAX_PARALLELISM, parallelism)
                    == subtask) {
                flink.processElement(new StreamRecord<>(event, event.timestampMillis()));
            }
        }
        return this;
    }

    /** The last watermark after which the event is in time. */
    TrainerHarness watermarkBefore(TrainingEvent event) throws Exception {
        flink.processWatermark(event.timestampMillis() - 1);
        return this;
    }

    TrainerHarness processAndFinish(Collection<? extends TrainingEvent> events) throws Exception {
        process(events);
        operator().awaitSteps();
        return this;
    }

    TrainerHarness finishSteps() throws Exception {
        operator().awaitSteps();
        return this;
    }

    TrainerHarness endInput() throws Exception {
        flink.endInput();
        return this;
    }

    OperatorSubtaskState snapshot() throws Exception {
        return flink.snapshot(1, 1);
    }

    /** Outputs of a run that goes on and is then lost. */
    record Outputs(
            Map<String, List<String>> versions, Map<String, List<PrequentialResult>> predictions) {}

    Outputs outputs() {
        return new Outputs(versions(), predictions());
    }

    /** The versions of each adapter in order, as text with a digest of all their bytes. */
    Map<String, List<String>> versions() {
        var versions = new TreeMap<String, List<String>>();
        for (AdapterVersion version : flink.extractOutputValues()) {
            versions.computeIfAbsent(version.adapterId(), id -> new ArrayList<>())
                    .add(described(version));
        }
        return versions;
    }

    /** Its name and a digest of all its bytes. */
    static String described(AdapterVersion version) {
        return version.name() + " " + Sha256.of(AdapterVersionCodec.toBytes(version));
    }

    /** The predictions of each adapter in order. */
    Map<String, List<PrequentialResult>> predictions() {
        var predictions = new TreeMap<String, List<PrequentialResult>>();
        for (PrequentialResult result : side(TrainingOutputs.PREDICTIONS)) {
            predictions.computeIfAbsent(result.adapterId(), id -> new ArrayList<>()).add(result);
        }
        return predictions;
    }

    List<Rejected> rejected() {
        return side(TrainingOutputs.REJECTED);
    }

    private <T> List<T> side(org.apache.flink.util.OutputTag<T> tag) {
        var queue = flink.getSideOutput(tag);
        return queue == null ? List.of() : queue.stream().map(StreamRecord::getValue).toList();
    }

    /** A digest of each adapter's state, after writing what is in memory. */
    Map<String, String> states() throws Exception {
        snapshot();
        var digests = new TreeMap<String, String>();
        values(TrainerStates.adapter(), AdapterStateCodec::toBytes)
                .forEach((id, bytes) -> digests.put(id, Sha256.of(bytes)));
        settings().forEach((id, settings) -> digests.put(id + " settings", settings.toString()));
        return digests;
    }

    /** The settings in state. */
    Map<String, AdapterSettings> settings() throws Exception {
        return values(TrainerStates.settings(), value -> value);
    }

    /** Puts settings into state, as another release might have left them. */
    void writeSettings(String id, AdapterSettings settings) throws Exception {
        snapshot();
        state(TrainerStates.settings(), id).update(settings);
    }

    /** Makes an adapter's values in state none, as another release might have left them. */
    void spoilRow(String id) throws Exception {
        snapshot();
        var state = state(TrainerStates.adapter(), id);
        java.util.Arrays.fill(state.value().row(), Float.NaN);
        state.update(state.value());
    }

    private <T> org.apache.flink.api.common.state.ValueState<T> state(
            ValueStateDescriptor<T> descriptor, String id) throws Exception {
        var backend = operator().<String>getKeyedStateBackend();
        backend.setCurrentKey(id);
        return backend.getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
    }

    /** The adapters that have a state, sorted. */
    List<String> keys(String state) {
        var backend = operator().<String>getKeyedStateBackend();
        try (var keys = backend.<VoidNamespace>getKeys(state, VoidNamespace.INSTANCE)) {
            return keys.sorted().toList();
        }
    }

    private <T, R> Map<String, R> values(ValueStateDescriptor<T> descriptor, Function<T, R> read)
            throws Exception {
        var backend = operator().<String>getKeyedStateBackend();
        var state =
                backend.getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
        var values = new TreeMap<String, R>();
        for (String key : keys(descriptor.getName())) {
            backend.setCurrentKey(key);
            values.put(key, read.apply(state.value()));
        }
        return values;
    }

    TrainerOperator operator() {
        return (TrainerOperator) flink.<AdapterVersion>getOperator();
    }

    @Override
    public void close() {
        try {
            flink.close();
        } catch (Exception e) {
            throw new IllegalStateException("The operator did not close.", e);
        }
    }
}
