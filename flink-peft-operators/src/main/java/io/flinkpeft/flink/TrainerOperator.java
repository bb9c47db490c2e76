package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.flink.state.TrainerStates;
import io.flinkpeft.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * <p>The way of an event, and where to read on:
 *
 * <ol>
 *   <li>{@link #processElement} adds it to the queue of its adapter's {@link AdapterSlot}. The
 *       queue closes turns: batches and controls.
 *   <li>{@link #closed} numbers the closed turns for {@link HeldWatermarks}; the adapter is ready.
 *   <li>{@link #dispatch}, unless the worker is busy, makes {@link Work} of the oldest turn of each
 *       of some {@link ReadyAdapters}. They share a step on the thread of {@link StepWorker}.
 *   <li>What is {@link Done} comes back as a mail. {@link #finished} {@linkplain #keep keeps} it in
 *       the slots, sends the worker on, and then sends the outputs, the watermarks that waited for
 *       them behind them.
 *   <li>{@link AdapterCache} writes to Flink's state what memory has no room for.
 * </ol>
 *
 * <p>A checkpoint waits for no step: it holds the adapters before the step and the examples in it,
 * and a restored operator takes the step again. What an adapter learns and when its versions are
 * cut depends on its own events in their order, not on checkpoints, evictions, time or other
 * adapters.
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
    private transient Optional<Watermark> lastWatermark;
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
        lastWatermark = Optional.empty();
        meters =
                new TrainingMetrics(
                        getMetricGroup(),
                        TrainingMetrics.Gauges.of(buffered, cache),
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
        var trained = states.anyTrained();
        try {
            worker.open(trainers, settings.publication(), trained);
        } catch (RuntimeException e) {
            throw StartFailure.of(e, restored);
        }
    }

    /** Takes the turns again that were decided but not finished when the state was written. */
    private void resume() throws Exception {
        for (String id : states.queued()) {
            if (states.hasClosedTurns(id)) {
                closed(cache.slot(id));
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
        enqueue(slot, event);
        meters.evictions.inc(cache.shrink());
    }

    private void expire(AdapterSlot slot, Control control) throws Exception {
        meters.expired.inc();
        enqueue(slot, control);
    }

    private void enqueue(AdapterSlot slot, TrainingEvent event) throws Exception {
        slot.queue.change(queue -> queue.add(event));
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
        boolean waits = !slot.turnNumbers.isEmpty();
        while (slot.turnNumbers.size() < slot.closedTurns()) {
            slot.turnNumbers.add(watermarks.open());
        }
        if (!waits && !slot.turnNumbers.isEmpty()) {
            ready.add(slot);
        }
    }

    /** Gives the worker the next turns, if it has nothing to do. */
    private void dispatch() throws Exception {
        if (stepping) {
            return;
        }
        var next = new ArrayList<Work>();
        for (AdapterSlot slot : ready.take()) {
            next.add(planner.turn(slot));
        }
        submit(next);
    }

    private void submit(List<Work> next) {
        if (!next.isEmpty()) {
            stepping = true;
            worker.submit(next);
        }
    }

    /** Takes what the worker has done, in a mail. */
    private void finished(List<Done> all, long nanos) throws Exception {
        stepping = false;
        meters.step(nanos);
        for (Done done : all) {
            keep(done);
        }
        dispatch(); // first: the worker is idle
        for (Done done : all) {
            outputs.send(done);
            if (done.work().takesTurn()) {
                watermarks.done(slot(done).turnNumbers.removeFirst());
            }
        }
        meters.evictions.inc(cache.shrink());
    }

    private AdapterSlot slot(Done done) throws Exception {
        return cache.slot(done.work().subject().adapterId());
    }

    /** Brings a slot from before work to after it. */
    private void keep(Done done) throws Exception {
        var slot = slot(done);
        slot.running = false;
        if (done instanceof Done.Ended) {
            states.forget(slot);
        }
        slot.settings.set(done.settings());
        cache.take(slot, done);
        if (done instanceof Done.Trained trained) {
            planner.remember(slot, trained.outcome().learnt());
        }
        if (done.work().takesTurn()) {
            slot.queue.change(EventQueue::removeFirst);
            buffered.note(slot);
            if (slot.closedTurns() > 0) {
                ready.add(slot);
            }
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.equals(Watermark.MAX_WATERMARK)) {
            lastWatermark = Optional.of(mark); // after what the end of input makes
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
            slot.queue.change(EventQueue::closeWaiting);
            closed(slot);
            dispatch();
            meters.evictions.inc(cache.shrink());
        }
        awaitSteps();
        cutVersions();
        lastWatermark.ifPresent(output::emitWatermark); // ends no adapter
    }

    private void cutVersions() throws Exception {
        var trained = new TreeSet<>(states.trained());
        trained.addAll(cache.ids());
        var next = new ArrayList<Work>();
        for (String id : trained) {
            next.add(planner.cut(cache.slot(id)));
            if (next.size() == settings.batching().adaptersPerStep()) {
                submit(List.copyOf(next));
                awaitSteps();
                next.clear();
            }
            meters.evictions.inc(cache.shrink());
        }
        submit(next);
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
