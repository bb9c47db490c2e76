package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.flink.state.ReplayReservoir;
import io.flinkpeft.flink.state.TrainerStates;
import io.flinkpeft.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Trains one adapter a key.
 *
 * <p>Steps run on a worker thread; their results come back as mails. A checkpoint waits for no
 * step: it holds the adapters before the step and the examples in it, and a restored operator takes
 * the step again. What an adapter learns and when its versions are cut depends on its own events in
 * their order, not on checkpoints, evictions, time or other adapters.
 */
final class TrainerOperator extends AbstractStreamOperator<AdapterVersion>
        implements OneInputStreamOperator<TrainingEvent, AdapterVersion>, BoundedOneInput {

    private final TrainingSettings settings;
    private final Trainer.Factory trainers;
    private final MailboxExecutor mailbox;

    private transient KeyedStates states;
    private transient StepPlanner planner;
    private transient AdapterCache cache;
    private transient IdleAdapters idle;
    private transient ReadyAdapters ready;
    private transient HeldWatermarks watermarks;
    private transient StepWorker worker;
    private transient TrainingMetrics meters;
    private transient StepOutputs outputs;
    private transient Watermark lastWatermark;
    private transient boolean restored;
    private transient boolean stepping;
    private transient Buffered buffered;

    TrainerOperator(
            StreamOperatorParameters<AdapterVersion> parameters,
            TrainingSettings settings,
            Trainer.Factory trainers) {
        super(parameters);
        this.settings = settings;
        this.trainers = trainers;
        this.mailbox = parameters.getMailboxExecutor();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        restored = context.isRestored();
        states = new KeyedStates(context.getKeyedStateStore(), getKeyedStateBackend());
        planner = new StepPlanner(settings, states);
    }

    @Override
    public void open() throws Exception {
        super.open();
        int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        worker =
                new StepWorker(
                        "peft-trainer-" + subtask,
                        mailbox,
                        this::finished,
                        getContainingTask().getEnvironment()::failExternally);
        cache = new AdapterCache(settings, states, worker);
        ready = new ReadyAdapters(settings.batching());
        buffered = new Buffered(settings.batching());
        watermarks = new HeldWatermarks();
        meters =
                new TrainingMetrics(
                        getMetricGroup(),
                        new TrainingMetrics.Gauges(
                                () -> buffered.events(),
                                () -> buffered.bytes(),
                                () -> cache.hot(),
                                () -> cache.hotBytes()),
                        settings.trainer().task());
        outputs = new StepOutputs(output, meters);
        idle = new IdleAdapters(settings.ttl(), cache, this::awaitRoom, this::expire);
        idle.open(
                getInternalTimerService(
                        TrainerStates.IDLE_TIMERS, VoidNamespaceSerializer.INSTANCE, idle),
                states);
        openTrainer();
        resume();
    }

    private void openTrainer() throws Exception {
        String id = states.anyTrained().orElse(null);
        var state = id == null ? null : states.adapter(id);
        try {
            worker.open(trainers, state, id == null ? null : states.settings(id));
        } catch (RuntimeException e) {
            throw StartFailure.of(e, restored);
        }
    }

    /** Takes the turns again that were decided but not finished when the state was written. */
    private void resume() throws Exception {
        for (String id : states.queued()) {
            if (!states.queue(id).closed().isEmpty()) {
                var slot = cache.slot(id);
                closed(slot);
            }
        }
        dispatch();
    }

    @Override
    public void processElement(StreamRecord<TrainingEvent> record) throws Exception {
        TrainingEvent event = record.getValue();
        if (event instanceof Heartbeat) {
            return; // its work is done where watermarks are made
        }
        if (event instanceof Example) {
            meters.examplesIn.inc();
        }
        var rejected = EventCheck.reject(event);
        if (rejected.isPresent()) {
            outputs.send(rejected.get());
            return;
        }
        awaitRoom();
        var slot = cache.slot(event.adapterId());
        idle.arrived(slot, event);
        slot.queueDirty = true;
        slot.queue.add(event);
        closed(slot);
        dispatch();
        meters.evictions.inc(cache.shrink());
    }

    private void expire(AdapterSlot slot, Control control) throws Exception {
        meters.expired.inc();
        slot.queueDirty = true;
        slot.queue.add(control);
        closed(slot);
        dispatch();
    }

    private void awaitRoom() throws InterruptedException {
        while (buffered.full()) {
            mailbox.yield(); // a buffered event is with the worker, or one before it is
        }
    }

    /** Numbers the turns that were closed, and has them taken. */
    private void closed(AdapterSlot slot) {
        buffered.note(slot);
        cache.noteOpen(slot);
        boolean idle = slot.turnNumbers.isEmpty();
        while (slot.turnNumbers.size() < slot.queue.closedTurns()) {
            slot.turnNumbers.add(watermarks.open());
        }
        if (idle && !slot.turnNumbers.isEmpty()) {
            ready.add(slot);
        }
    }

    private void dispatch() throws Exception {
        if (stepping) {
            return;
        }
        var tasks = new ArrayList<StepTask>();
        for (AdapterSlot slot : ready.take()) {
            tasks.add(planner.step(slot));
        }
        submit(tasks);
    }

    private void submit(List<StepTask> tasks) {
        if (!tasks.isEmpty()) {
            stepping = true;
            worker.submit(tasks);
        }
    }

    private void finished(List<StepResult> results, long nanos) throws Exception {
        stepping = false;
        meters.step(nanos);
        for (StepResult result : results) {
            keep(result);
        }
        dispatch(); // first: the worker is idle
        for (StepResult result : results) {
            outputs.send(result);
            if (result.outcome() != null) {
                watermarks.done(cache.slot(result.task().adapterId()).turnNumbers.removeFirst());
            }
        }
        meters.evictions.inc(cache.shrink());
    }

    private void keep(StepResult result) throws Exception {
        var slot = cache.slot(result.task().adapterId());
        slot.running = false;
        if (result.change() == StepResult.Change.ANEW) {
            forget(slot);
        }
        slot.settingsDirty |= !result.settings().equals(slot.settings);
        slot.settings = result.settings();
        slot.adapterDirty |= result.changed();
        cache.replace(slot, result.after());
        if (result.version() != null && result.change() != StepResult.Change.ANEW) {
            slot.publishedStep = result.version().step();
        }
        if (result.outcome() == null) {
            return;
        }
        slot.queue.removeFirst();
        slot.queueDirty = true;
        buffered.note(slot);
        planner.remember(slot, result.outcome().learnt());
        if (slot.queue.closedTurns() > 0) {
            ready.add(slot);
        }
    }

    private void forget(AdapterSlot slot) throws Exception {
        states.forget(slot.adapterId);
        slot.adapterDirty = false;
        slot.publishedStep = -1;
        slot.replay = ReplayReservoir.EMPTY;
        slot.replayDirty = false;
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.equals(Watermark.MAX_WATERMARK)) {
            lastWatermark = mark; // after what the end of input makes
        } else {
            getTimeServiceManager().orElseThrow().advanceWatermark(mark);
            watermarks.forward(() -> output.emitWatermark(mark));
            meters.evictions.inc(cache.shrink());
        }
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        watermarks.forward(() -> super.processWatermarkStatus(status));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        cache.writeAll();
    }

    /** Trains on what waits, and cuts versions of all that was learnt. */
    @Override
    public void endInput() throws Exception {
        var waiting = new TreeSet<>(states.queued());
        waiting.addAll(cache.ids());
        for (String id : waiting) {
            awaitRoom();
            var slot = cache.slot(id);
            slot.queue.closeWaiting();
            closed(slot);
            dispatch();
            meters.evictions.inc(cache.shrink());
        }
        awaitSteps();
        cutVersions();
        if (lastWatermark != null) {
            output.emitWatermark(lastWatermark); // ends no adapter
        }
    }

    private void cutVersions() throws Exception {
        var trained = new TreeSet<>(states.trained());
        trained.addAll(cache.ids());
        var tasks = new ArrayList<StepTask>();
        for (String id : trained) {
            var slot = cache.slot(id);
            planner.version(slot).ifPresent(tasks::add);
            if (tasks.size() == settings.batching().adaptersPerStep()) {
                submit(tasks);
                awaitSteps();
                tasks.clear();
            }
            meters.evictions.inc(cache.shrink());
        }
        submit(tasks);
        awaitSteps();
    }

    /** Waits until no batch is left that a step could take. */
    void awaitSteps() throws InterruptedException {
        while (stepping) {
            mailbox.yield();
        }
    }

    @Override
    public void close() throws Exception {
        if (worker != null) {
            worker.close();
        }
        super.close();
    }
}
