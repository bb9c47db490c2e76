package io.flinkpeft.flink;

import io.flinkpeft.flink.config.PublicationPolicy;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.NativeMemory;
import io.flinkpeft.train.Trainer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.function.ThrowingRunnable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that talks to the trainer. It frees all adapters on the device when it is closed:
 * after the step that runs then, which cannot be interrupted.
 */
final class StepWorker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StepWorker.class);
    private static final long CLOSE_SECONDS = 5;

    /** Takes finished work, on the task's thread. */
    interface Receiver {
        void receive(List<Done> done, long nanos) throws Exception;
    }

    private final ExecutorService thread;
    private final MailboxExecutor mailbox;
    private final Receiver receiver;
    private DeviceSteps steps; // of the worker's thread, as what follows
    private LastDefense defense;
    private volatile boolean closed;

    /**
     * A worker.
     *
     * @param failed told of a failure that no mail can tell of, such as a lack of memory for the
     *     mail
     */
    StepWorker(
            String name, MailboxExecutor mailbox, Receiver receiver, Consumer<Throwable> failed) {
        this.mailbox = mailbox;
        this.receiver = receiver;
        // made now: there may be no memory to make it later
        Thread.UncaughtExceptionHandler last = (thread, failure) -> failed.accept(failure);
        this.thread =
                Executors.newSingleThreadExecutor(
                        work -> {
                            var created = new Thread(work, name);
                            created.setDaemon(true);
                            created.setUncaughtExceptionHandler(last);
                            return created;
                        });
    }

    /**
     * Waits until the trainer is open, and can go on with the job's state.
     *
     * @param restored an adapter in state, if there is one
     */
    void open(Trainer.Factory factory, PublicationPolicy policy, Optional<Subject.InState> restored)
            throws Exception {
        try {
            thread.submit(() -> openNow(factory, policy, restored)).get();
        } catch (ExecutionException e) {
            ExceptionUtils.rethrowException(NativeMemory.explain(e.getCause()));
        }
    }

    // a task that can do nothing with its state must not start
    private void openNow(
            Trainer.Factory factory, PublicationPolicy policy, Optional<Subject.InState> restored) {
        Trainer trainer = factory.open();
        steps = new DeviceSteps(trainer, policy);
        defense = new LastDefense(steps);
        restored.ifPresent(adapter -> trainer.check(adapter.state(), adapter.settings()));
    }

    void submit(List<Work> all) {
        thread.execute(() -> run(all));
    }

    /** Frees an adapter after the work submitted before. */
    void free(LiveAdapter adapter) {
        thread.execute(() -> steps.free(adapter));
    }

    private void run(List<Work> all) {
        if (closed) {
            return;
        }
        try {
            long start = System.nanoTime();
            var done = defense.take(all);
            long nanos = System.nanoTime() - start;
            send(() -> receiver.receive(done, nanos));
        } catch (Throwable e) { // an error of native code must fail the task too; so must no mail
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
        if (steps != null) {
            steps.close();
        }
    }
}
