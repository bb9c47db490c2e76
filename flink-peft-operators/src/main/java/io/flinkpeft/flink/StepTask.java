package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.flink.state.Turn;
import io.flinkpeft.train.LiveAdapter;
import java.util.List;

/**
 * What the worker does for one adapter.
 *
 * @param adapterId whose turn it is
 * @param settings what it is told
 * @param hot the adapter, if it is on the device; else null
 * @param state what it is restored from if it is not; null for a new adapter
 * @param turn its batch or its control; {@link Turn#NONE} if only a version is to be cut
 * @param replayed to train on again
 * @param publish when a version is cut
 */
record StepTask(
        String adapterId,
        AdapterSettings settings,
        LiveAdapter hot,
        AdapterState state,
        Turn turn,
        List<Example> replayed,
        PublishRule publish) {

    /** The adapter's step count before it. */
    long step() {
        if (hot != null) {
            return hot.step();
        }
        return state == null ? settings.firstStep() : state.step();
    }

    /** How many examples the adapter learnt from since it began, before it. */
    long examples() {
        if (hot != null) {
            return hot.statistics().examples();
        }
        return state == null ? 0 : state.statistics().examples();
    }
}
