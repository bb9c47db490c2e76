package io.flinkpeft.flink;

import java.util.ArrayDeque;
import java.util.TreeSet;

/**
 * Keeps watermarks back until the outputs of the batches closed before them are out.
 *
 * <p>Batches are numbered as they close; a watermark waits for all numbers given before it came.
 */
final class HeldWatermarks {

    /** Sends a watermark or a watermark status on. */
    interface Forward {
        void run() throws Exception;
    }

    private record Held(long after, Forward forward) {}

    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private final TreeSet<Long> open = new TreeSet<>();
    private long last;

    /** A number for a batch that was closed. */
    long open() {
        open.add(++last);
        return last;
    }

    /** The outputs of a batch are out. */
    void done(long number) throws Exception {
        open.remove(number);
        while (!held.isEmpty() && (open.isEmpty() || open.first() > held.peek().after)) {
            held.poll().forward.run();
        }
    }

    /** Runs {@code forward} now, or when all batches closed before it are done. */
    void forward(Forward forward) throws Exception {
        if (held.isEmpty() && open.isEmpty()) {
            forward.run();
        } else {
            held.add(new Held(last, forward));
        }
    }
}
