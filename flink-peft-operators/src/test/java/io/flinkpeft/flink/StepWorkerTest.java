package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.event.Example;
import io.flinkpeft.flink.config.EverySteps;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingRunnable;
import org.junit.jupiter.api.Test;

class StepWorkerTest {

    /** A mailbox for whose mails there is no memory. */
    private static final class FullMailbox implements MailboxExecutor {
        @Override
        public void execute(
                MailOptions options,
                ThrowingRunnable<? extends Exception> command,
                String description,
                Object... arguments) {
            throw new OutOfMemoryError("no memory for a mail");
        }

        @Override
        public void yield() {}

        @Override
        public boolean tryYield() {
            return false;
        }

        @Override
        public boolean shouldInterrupt() {
            return false;
        }
    }

    @Test
    void aFailureThatNoMailCanTellOfFailsTheTaskAllTheSame() throws Exception {
        var failed = new CompletableFuture<Throwable>();
        try (var worker =
                new StepWorker("worker", new FullMailbox(), (results, n) -> {}, failed::complete)) {
            worker.open(ToyTrainer::new, EverySteps.DEFAULT, Optional.empty());
            worker.submit(
                    List.of(
                            new Work.Train(
                                    new Subject.Fresh(AdapterSettings.DEFAULT, "a"),
                                    List.of(Example.labelled("a", "x", "noun")),
                                    List.of())));
            assertThat(failed.get(1, TimeUnit.MINUTES)).hasMessage("no memory for a mail");
        }
    }
}
