package io.flinkpeft.flink;

import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.Trainer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does tasks on a trainer, all or none: what a failure leaves on the device is freed. It knows
 * every adapter on the device, wherever that is held. One thread.
 */
final class DeviceSteps implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceSteps.class);

    private final Trainer trainer;
    private final Set<LiveAdapter> onDevice = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<LiveAdapter> made = new ArrayList<>(); // by the tasks that run

    DeviceSteps(Trainer trainer) {
        this.trainer = trainer;
    }

    /** Takes a step of a fresh adapter on a text that is known to be good. */
    void trial() {
        trainer.trial();
    }

    /** One result a task, in order; they share a step. */
    List<StepResult> take(List<StepTask> tasks) {
        made.clear();
        try {
            return taken(tasks);
        } catch (Throwable e) {
            made.forEach(this::free);
            throw e;
        }
    }

    private List<StepResult> taken(List<StepTask> tasks) {
        var adapters = tasks.stream().map(this::adapter).toList();
        var batches = new ArrayList<Batch>();
        for (int i = 0; i < tasks.size(); i++) {
            StepTask task = tasks.get(i);
            var examples = task.turn().examples();
            if (!examples.isEmpty()) {
                batches.add(new Batch(adapters.get(i), task.settings(), examples, task.replayed()));
            }
        }
        var outcomes = (batches.isEmpty() ? List.<BatchOutcome>of() : trainer.step(batches));
        outcomes.forEach(outcome -> made(outcome.after()));
        var next = outcomes.iterator();
        var results = new ArrayList<StepResult>();
        for (int i = 0; i < tasks.size(); i++) {
            StepTask task = tasks.get(i);
            if (task.turn().control() != null) {
                results.add(control(task));
            } else {
                var outcome = task.turn().examples().isEmpty() ? null : next.next();
                results.add(result(task, adapters.get(i), outcome));
            }
        }
        return results;
    }

    private StepResult control(StepTask task) {
        var result = Controls.apply(task, trainer);
        made(result.after());
        return result;
    }

    private LiveAdapter adapter(StepTask task) {
        if (task.hot() != null || task.turn().control() != null) {
            return task.hot(); // a control needs no adapter on the device
        }
        return made(
                task.state() == null
                        ? trainer.create(task.adapterId(), task.settings())
                        : trainer.restore(task.state(), task.settings()));
    }

    private LiveAdapter made(LiveAdapter adapter) {
        if (adapter != null && onDevice.add(adapter)) {
            made.add(adapter);
        }
        return adapter;
    }

    private StepResult result(StepTask task, LiveAdapter before, BatchOutcome outcome) {
        var after = outcome == null ? before : outcome.after();
        boolean learnt = after != before;
        var change = learnt ? StepResult.Change.LEARNT : StepResult.Change.NONE;
        if (learnt && before != task.hot()) {
            free(before); // it was restored for this step, nobody else has seen it
        }
        if (!task.publish().due(after)) {
            return new StepResult(task, task.settings(), after, change, outcome, null);
        }
        var version = trainer.version(after);
        var published = made(after.published());
        if (after != task.hot()) {
            free(after);
        }
        return new StepResult(task, task.settings(), published, change, outcome, version);
    }

    /** Frees an adapter that is still on the device. */
    void free(LiveAdapter adapter) {
        if (onDevice.remove(adapter)) {
            adapter.close();
        }
    }

    /** Frees all adapters and the trainer. */
    @Override
    public void close() {
        onDevice.forEach(DeviceSteps::close);
        onDevice.clear();
        close(trainer);
    }

    // what fails to be freed must not keep the rest from it
    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("Memory of a trainer was perhaps not freed.", e);
        }
    }
}
