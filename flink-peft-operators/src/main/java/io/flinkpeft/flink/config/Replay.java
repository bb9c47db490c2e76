package io.flinkpeft.flink.config;

import java.io.Serializable;

/**
 * Training again on earlier examples, so that an adapter forgets them less.
 *
 * @param size how many examples an adapter keeps in its state; 0 turns replay off; default 0
 * @param perBatch how many of them join each batch, at least 0; default 8
 */
public record Replay(int size, int perBatch) implements Serializable {

    /** The default: off. */
    public static final Replay OFF = new Replay(0, 8);

    public Replay {
        Checks.atLeast(0, "replay.size", size);
        Checks.atLeast(0, "replay.per-batch", perBatch);
    }

    /** Whether anything is kept. */
    public boolean on() {
        return size > 0;
    }
}
