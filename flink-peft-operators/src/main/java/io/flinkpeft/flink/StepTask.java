package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import java.util.List;

/**
 * What the worker does for one adapter.
 *
 * @param adapterId whose turn it is
 * @param hot the adapter, if it is on the device; else null
 * @param state what it is restored from if it is not; null for a new adapter
 * @param examples its batch; empty if only a version is to be cut
 * @param replayed to train on again
 * @param publish when a version is cut
 */
record StepTask(
        String adapterId,
        Trainer.Adapter hot,
        AdapterState state,
        List<Example> examples,
        List<Example> replayed,
        PublishRule publish) {}
