package io.flinkpeft.example.chaos;

import java.util.List;
import java.util.stream.Stream;

/**
 * Processes that are killed together, and when.
 *
 * @param again whether it hits while the cluster recovers from the one before
 * @param checkpoints how many checkpoints complete before it, if not again
 * @param delayMillis how long after that; only at any time
 * @param moment what it waits for
 * @param skip how many of these moments pass
 * @param holder whether the process that came to the moment is killed
 * @param others what else is killed
 * @param downMillis how long they stay away
 * @param signal what Flink's processes die of; the broker always of SIGKILL
 */
record Fault(
        boolean again,
        int checkpoints,
        int delayMillis,
        Moment moment,
        int skip,
        boolean holder,
        List<Victim> others,
        int downMillis,
        Signal signal) {

    Fault {
        others = others.stream().distinct().sorted().toList();
    }

    /** The same fault, which kills more. */
    Fault with(List<Victim> more) {
        return new Fault(
                again,
                checkpoints,
                delayMillis,
                moment,
                skip,
                holder,
                Stream.concat(others.stream(), more.stream()).toList(),
                downMillis,
                signal);
    }

    /** The same fault, by another signal. */
    Fault by(Signal other) {
        return new Fault(
                again, checkpoints, delayMillis, moment, skip, holder, others, downMillis, other);
    }
}
