package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.train.NativeMemory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.function.ThrowingRunnable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that talks to the trainer. It knows every adapter on the device, wherever that is
 * held, and frees them all when it is closed: after the step that runs then, which cannot be
 * interrupted.
 */
final class StepWorker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StepWorker.class);
    private static final long CLOSE_SECONDS = 5;

    /** Takes finished work, on the task's thread. */
    interface Receiver {
        void receive(List<StepResult> results, long nanos) throws Exception;
    }

    private final ExecutorService thread;
    private final MailboxExecutor mailbox;
    private final Receiver receiver;
    private final Set<Trainer.Adapter> onDevice =
            Collections.newSetFromMap(new IdentityHashMap<>()); // of the worker's thread
    private Trainer trainer;
    private volatile boolean closed;

    StepWorker(String name, MailboxExecutor mailbox, Receiver receiver) {
        this.mailbox = mailbox;
        this.receiver = receiver;
        this.thread =
                Executors.newSingleThreadExecutor(
                        work -> {
                            var created = new Thread(work, name);
                            created.setDaemon(true);
                            return created;
                        });
    }

    /**
     * Waits until the trainer is open, and can go on with an adapter.
     *
     * @param restored one of those in state; null if there is none
     * @param settings what that one is told; null if there is none
     */
    void open(Trainer.Factory factory, AdapterState restored, AdapterSettings settings)
            throws Exception {
        try {
            thread.submit(() -> openNow(factory, restored, settings)).get();
        } catch (ExecutionException e) {
            ExceptionUtils.rethrowException(NativeMemory.explain(e.getCause()));
        }
    }

    // a task that can do nothing with its state must not start
    private void openNow(Trainer.Factory factory, AdapterState restored, AdapterSettings settings) {
        trainer = factory.open();
        if (restored != null) {
            trainer.restore(restored, settings).close();
        }
    }

    void submit(List<StepTask> tasks) {
        thread.execute(() -> run(tasks));
    }

    /** Frees an adapter after the work submitted before. */
    void free(Trainer.Adapter adapter) {
        thread.execute(() -> freeNow(adapter));
    }

    private void run(List<StepTask> tasks) {
        if (closed) {
            return;
        }
        try {
            long start = System.nanoTime();
            var results = step(tasks);
            long nanos = System.nanoTime() - start;
            send(() -> receiver.receive(results, nanos));
        } catch (Throwable e) { // an error of native code must fail the task too
            send(() -> ExceptionUtils.rethrowException(NativeMemory.explain(e)));
        }
    }

    /** Runs something on the task's thread, unless the task is over by then. */
    private void send(ThrowingRunnable<Exception> mail) {
        try {
            mailbox.execute(
                    () -> {
                        if (!closed) {
                            mail.run();
                        }
                    },
                    "finished training step");
        } catch (RejectedExecutionException e) {
            LOG.debug("The task is over; its last training step is dropped.", e);
        }
    }

    private List<StepResult> step(List<StepTask> tasks) {
        var adapters = tasks.stream().map(this::adapter).toList();
        var batches = new ArrayList<Trainer.Batch>();
        for (int i = 0; i < tasks.size(); i++) {
            StepTask task = tasks.get(i);
            var examples = task.turn().examples();
            if (!examples.isEmpty()) {
                batches.add(
                        new Trainer.Batch(
                                adapters.get(i), task.settings(), examples, task.replayed()));
            }
        }
        var outcomes = (batches.isEmpty() ? List.<Trainer.Outcome>of() : trainer.step(batches));
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
        if (result.after() != null) {
            onDevice.add(result.after());
        }
        return result;
    }

    private Trainer.Adapter adapter(StepTask task) {
        if (task.hot() != null || task.turn().control() != null) {
            return task.hot(); // a control needs no adapter on the device
        }
        var adapter =
                task.state() == null
                        ? trainer.create(task.adapterId(), task.settings())
                        : trainer.restore(task.state(), task.settings());
        onDevice.add(adapter);
        return adapter;
    }

    private StepResult result(StepTask task, Trainer.Adapter before, Trainer.Outcome outcome) {
        var after = outcome == null ? before : outcome.after();
        boolean learnt = after != before;
        var change = learnt ? StepResult.Change.LEARNT : StepResult.Change.NONE;
        onDevice.add(after);
        if (learnt && before != task.hot()) {
            freeNow(before); // it was restored for this step, nobody else has seen it
        }
        if (!task.publish().due(after.step())) {
            return new StepResult(task, task.settings(), after, change, outcome, null);
        }
        var version = trainer.version(after);
        var published = trainer.published(after);
        onDevice.add(published);
        if (after != task.hot()) {
            freeNow(after);
        }
        return new StepResult(task, task.settings(), published, change, outcome, version);
    }

    private void freeNow(Trainer.Adapter adapter) {
        if (onDevice.remove(adapter)) {
            adapter.close();
        }
    }

    /** Frees everything; returns before that if a step takes longer than a few seconds. */
    @Override
    public void close() {
        closed = true;
        thread.execute(this::freeAll);
        thread.shutdown();
        try {
            thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void freeAll() {
        onDevice.forEach(StepWorker::close);
        onDevice.clear();
        if (trainer != null) {
            close(trainer);
        }
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
