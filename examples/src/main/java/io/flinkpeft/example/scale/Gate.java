package io.flinkpeft.example.scale;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;

/**
 * What the source may emit, and what came out of the trainer. Source, trainer and program live in
 * one JVM; so there is one gate.
 */
final class Gate {

    private static final Gate GATE = new Gate();

    private long allowed;
    private long emitted;
    private long done;
    private CompletableFuture<Void> opened = new CompletableFuture<>();

    private Gate() {}

    /** The one of this JVM. */
    static Gate get() {
        return GATE;
    }

    /** For a new job. */
    synchronized void reset() {
        allowed = 0;
        emitted = 0;
        done = 0;
        opened = new CompletableFuture<>();
    }

    /** Lets so many more examples through, and waits until all were predicted and learnt. */
    synchronized void pass(long examples) throws InterruptedException {
        allowed += examples;
        opened.complete(null);
        while (done < allowed) {
            wait();
        }
    }

    /** Lets all through that there is, and waits for nothing. */
    synchronized void open() {
        allowed = Long.MAX_VALUE;
        opened.complete(null);
    }

    /** An example was predicted: its step is done. */
    synchronized void predicted() {
        done++;
        if (done == allowed) {
            notifyAll();
        }
    }

    private synchronized CompletableFuture<Void> acquire() {
        if (emitted < allowed) {
            emitted++;
            return CompletableFuture.completedFuture(null);
        }
        if (opened.isDone()) {
            opened = new CompletableFuture<>();
        }
        return opened.thenCompose(open -> acquire());
    }

    /** The source's side of the gate. */
    static <S extends SourceSplit> RateLimiter<S> limiter() {
        return new RateLimiter<>() {
            @Override
            public CompletionStage<Void> acquire(int examples) {
                CompletionStage<Void> all = CompletableFuture.completedFuture(null);
                for (int i = 0; i < examples; i++) {
                    all = all.thenCompose(one -> GATE.acquire());
                }
                return all;
            }
        };
    }
}
