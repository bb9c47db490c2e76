package io.flinkpeft.model;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Large things that are shared and stay when nobody uses them, until another one is loaded. Each is
 * loaded once, by a thread of its own: who waits for one may be interrupted, and nobody waits for
 * what others load. Any thread may use it.
 *
 * @param <K> what is the same
 * @param <M> what is shared
 */
final class Residents<K, M> {

    /** A use of one; closing it leaves it in memory. */
    final class Use implements AutoCloseable {
        private final Resident resident;
        private final M model;
        private boolean closed;

        private Use(Resident resident, M model) {
            this.resident = resident;
            this.model = model;
        }

        M model() {
            return model;
        }

        @Override
        public void close() {
            synchronized (Residents.this) {
                if (!closed) {
                    closed = true;
                    resident.users--;
                }
            }
        }
    }

    private final class Resident {
        final CompletableFuture<M> loading = new CompletableFuture<>();
        int users;
    }

    private final Map<K, Resident> residents = new HashMap<>();
    private final Consumer<M> free;

    Residents(Consumer<M> free) {
        this.free = free;
    }

    /**
     * Shares one, and loads it if it is not there. A load goes on when who waited for it is
     * interrupted: whoever comes next has it sooner.
     *
     * @throws CancellationException if the thread is interrupted
     */
    Use acquire(K key, Callable<M> load) {
        Resident resident = enter(key, load);
        boolean acquired = false;
        try {
            var use = new Use(resident, await(resident.loading));
            acquired = true;
            return use;
        } finally {
            if (!acquired) {
                leave(resident);
            }
        }
    }

    private synchronized Resident enter(K key, Callable<M> load) {
        Resident resident = residents.get(key);
        if (resident == null) {
            freeUnused();
            resident = new Resident();
            residents.put(key, resident);
            load(key, resident, load);
        }
        resident.users++;
        return resident;
    }

    private void load(K key, Resident resident, Callable<M> load) {
        start(
                () -> {
                    try {
                        resident.loading.complete(load.call());
                    } catch (Exception | Error e) {
                        forget(key, resident);
                        resident.loading.completeExceptionally(e);
                    }
                });
    }

    private synchronized void forget(K key, Resident resident) {
        residents.remove(key, resident);
    }

    private synchronized void leave(Resident resident) {
        resident.users--;
    }

    private void freeUnused() {
        Iterator<Resident> all = residents.values().iterator();
        while (all.hasNext()) {
            Resident resident = all.next();
            if (resident.users == 0 && resident.loading.isDone()) {
                all.remove();
                free.accept(resident.loading.join());
            }
        }
    }

    /**
     * Does work on a thread of its own and waits for it.
     *
     * @throws CancellationException if the waiting thread is interrupted; the work goes on
     */
    static <T> T await(Callable<T> work) {
        var result = new CompletableFuture<T>();
        start(
                () -> {
                    try {
                        result.complete(work.call());
                    } catch (Exception | Error e) {
                        result.completeExceptionally(e);
                    }
                });
        return await(result);
    }

    private static void start(Runnable work) {
        var thread = new Thread(work, "flink-peft base model");
        thread.setDaemon(true);
        thread.setContextClassLoader(Residents.class.getClassLoader());
        thread.start();
    }

    private static <T> T await(CompletableFuture<T> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Loading the base model was not waited for.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
