package io.flinkpeft.kafka;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.VersionPublication.Pointer;
import io.flinkpeft.kafka.topic.RefusedWriterException;
import io.flinkpeft.kafka.topic.TopicPublisher;
import io.flinkpeft.kafka.topic.TopicRecord;
import io.flinkpeft.kafka.topic.TopicWriter;
import io.flinkpeft.kafka.topic.VersionRecords;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.ThrowingConsumer;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Publishes versions when their checkpoint is complete, each once. Keyed by adapter id.
 *
 * <p>A version waits in the state. When a checkpoint that holds it is complete, it is written with
 * the others of the subtask, in a transaction that begins and ends there; in several if they are
 * many, or the broker would give a long one up every time. What was not written when the job failed
 * is still in the state it is restored from. What was written, and the state does not know it yet,
 * is found in the topic: before its first transaction the operator reads what the topic got since
 * the state was written.
 */
final class PublishOperator extends AbstractStreamOperator<Void>
        implements OneInputStreamOperator<AdapterVersion, Void>, BoundedOneInput {

    private static final long serialVersionUID = 1L;

    /** Where the operator writes, how, and what stays there. */
    record Settings(
            TopicWriter.Settings writer,
            VersionRecords records,
            long transactionBytes,
            int keep,
            String writerId)
            implements Serializable {}

    /** Gives a subtask its way to the topic. */
    interface Publishers extends Serializable {
        TopicPublisher open(TopicWriter.Settings settings, TopicWriter self);
    }

    /** A version that is to be written. */
    private record Due(WaitingVersions.Name version, Pointer pointer) {}

    /** Behind all checkpoints. */
    private static final long LAST = Long.MAX_VALUE - 1;

    private final Settings settings;
    private final Publishers publishers;

    private transient PublishedVersions states;
    private transient WriterState writerState;
    private transient WaitingVersions waiting;
    private transient VersionPublication publication;
    private transient TopicPublisher publisher;
    private transient Counter published;
    private transient Counter stale;
    private transient boolean restored;

    PublishOperator(Settings settings) {
        this(settings, TopicPublisher::new);
    }

    PublishOperator(Settings settings, Publishers publishers) {
        this.settings = settings;
        this.publishers = publishers;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        restored = context.isRestored();
        states = new PublishedVersions(context.getKeyedStateStore());
        publication = new VersionPublication(states, settings.records(), settings.keep());
        writerState = new WriterState(context.getOperatorStateStore());
        waiting = new WaitingVersions();
    }

    @Override
    public void open() throws Exception {
        super.open();
        var metrics = getMetricGroup();
        published = metrics.counter(AdapterTopicSink.PUBLISHED_METRIC);
        stale = metrics.counter(AdapterTopicSink.STALE_METRIC);
        metrics.gauge(AdapterTopicSink.WAITING_METRIC, () -> waiting.size());
        restore();
        var task = getRuntimeContext().getTaskInfo();
        var self =
                new TopicWriter(
                        settings.writerId(),
                        getRuntimeContext().getJobInfo().getJobName(),
                        task.getIndexOfThisSubtask(),
                        task.getNumberOfParallelSubtasks(),
                        writerState.before());
        publisher = publishers.open(settings.writer(), self);
        if (task.getIndexOfThisSubtask() == 0) {
            checkMayWrite();
        }
    }

    /**
     * A new job has nothing to lose, and would be refused at each restart: it ends. A job with
     * state keeps it and tries again, until people have decided who writes.
     */
    private void checkMayWrite() throws SuppressRestartsException {
        try {
            publisher.check();
        } catch (RefusedWriterException e) {
            if (restored) {
                throw new IllegalStateException(
                        e.getMessage() + " The job keeps its state and tries again.", e);
            }
            throw new SuppressRestartsException(e);
        }
    }

    private void restore() throws Exception {
        forEachKey(
                PublishedVersions.WAITING,
                adapterId -> {
                    for (long step : states.waitingSteps()) {
                        boolean removes = states.waiting(step).orElseThrow().removes();
                        waiting.add(new WaitingVersions.Name(adapterId, step, removes));
                    }
                });
        waiting.assign(WaitingVersions.RESTORED);
    }

    private void forEachKey(String state, ThrowingConsumer<String, Exception> action)
            throws Exception {
        var adapterIds = new TreeSet<String>();
        try (var keys =
                this.<String>getKeyedStateBackend().getKeys(state, VoidNamespace.INSTANCE)) {
            keys.forEach(adapterIds::add);
        }
        for (String adapterId : adapterIds) {
            setCurrentKey(adapterId);
            action.accept(adapterId);
        }
    }

    @Override
    public void processElement(StreamRecord<AdapterVersion> record) throws Exception {
        AdapterVersion version = record.getValue();
        states.await(version);
        waiting.add(
                new WaitingVersions.Name(version.adapterId(), version.step(), version.removes()));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        waiting.assign(context.getCheckpointId());
        writerState.write(settings.writerId(), publisher, waiting.size() > 0);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        publish(checkpoint);
    }

    /** Where no checkpoint comes at the end, this is the last moment. */
    @Override
    public void endInput() throws Exception {
        Configuration job = getContainingTask().getEnvironment().getJobConfiguration();
        if (!CheckpointingOptions.isCheckpointingEnabled(job)
                || !job.get(CheckpointingOptions.ENABLE_CHECKPOINTS_AFTER_TASKS_FINISH)) {
            waiting.assign(LAST);
            publish(LAST);
        }
    }

    private void publish(long checkpoint) throws Exception {
        var restored = waiting.take(WaitingVersions.RESTORED);
        var fresh = waiting.take(checkpoint);
        if (restored.isEmpty() && fresh.isEmpty()) {
            return;
        }
        Set<String> takenBack = publisher.hasBegun() ? Set.of() : begin(restored);
        var due = new ArrayDeque<Due>();
        addTo(due, restored, takenBack);
        addTo(due, fresh, Set.of());
        publication.dropsAlso(publisher.held(dropped(due)));
        while (!due.isEmpty()) {
            publisher.publish(out -> writeSome(due, out));
        }
    }

    private static Set<String> dropped(Queue<Due> due) {
        return due.stream()
                .map(Due::version)
                .filter(WaitingVersions.Name::removes)
                .map(WaitingVersions.Name::adapterId)
                .collect(Collectors.toSet());
    }

    /** A pointer that was taken back stays, until its adapter is dropped and begins anew. */
    private static void addTo(
            Queue<Due> due, SortedSet<WaitingVersions.Name> versions, Set<String> takenBack) {
        var stays = new HashSet<>(takenBack);
        for (var version : versions) {
            if (version.removes()) {
                stays.remove(version.adapterId());
            }
            boolean stay = stays.contains(version.adapterId());
            due.add(new Due(version, stay ? Pointer.STAYS : Pointer.MOVES));
        }
    }

    /** As many as a transaction may hold; one at least. */
    private void writeSome(Queue<Due> due, Consumer<TopicRecord> out) throws Exception {
        var bytes = new AtomicLong();
        while (!due.isEmpty() && bytes.get() < settings.transactionBytes()) {
            Due next = due.remove();
            setCurrentKey(next.version().adapterId());
            var result =
                    publication.publish(
                            next.version().step(),
                            next.pointer(),
                            record -> {
                                bytes.addAndGet(record.bytes());
                                out.accept(record);
                            });
            switch (result) {
                case PUBLISHED -> published.inc();
                case STALE -> stale.inc();
            }
        }
    }

    /** Brings the state up to the topic; returns the adapters whose pointer stays where it is. */
    private Set<String> begin(SortedSet<WaitingVersions.Name> restored) throws Exception {
        var tail = new TopicTail(states, new OwnKeys());
        publisher.begin(tail);
        var takenBack = new HashSet<String>();
        for (var version : restored) {
            setCurrentKey(version.adapterId());
            if (tail.isTakenBack(version.adapterId())) {
                takenBack.add(version.adapterId());
            }
        }
        return takenBack;
    }

    private final class OwnKeys implements TopicTail.Keys {

        @Override
        public boolean enter(String adapterId) {
            var task = getRuntimeContext().getTaskInfo();
            int owner =
                    KeyGroupRangeAssignment.assignKeyToParallelOperator(
                            adapterId,
                            task.getMaxNumberOfParallelSubtasks(),
                            task.getNumberOfParallelSubtasks());
            if (owner != task.getIndexOfThisSubtask()) {
                return false;
            }
            setCurrentKey(adapterId);
            return true;
        }

        @Override
        public void forEachPublished(ThrowingRunnable<Exception> action) throws Exception {
            forEachKey(PublishedVersions.KEPT, adapterId -> action.run());
        }
    }

    @Override
    public void close() throws Exception {
        if (publisher != null) {
            publisher.close();
        }
        super.close();
    }
}
