package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.PrequentialStatistics;
import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.file.RecordedBase;
import io.flinkpeft.model.BaseModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Cuts versions from adapters in training.
 *
 * @param method the method as it is exported, its targets by name
 * @param head the head
 * @param base the base
 * @param model what the base is called in files: the name that is configured, as a base that is
 *     shared may have been loaded from another directory
 */
record Versions(PeftConfig method, Head head, BaseModel base, String model) {

    AdapterVersion of(DeviceAdapter adapter) {
        AdapterState state = adapter.snapshot();
        byte[] payload = whole(form(adapter, state.row())).toBytes(model);
        PrequentialStatistics statistics = state.statistics();
        return new AdapterVersion(
                state.adapterId(),
                state.step(),
                state.publishedStep(),
                state.baseHash(),
                method.peftType(),
                state.numerics(),
                state.lineage(),
                metrics(statistics),
                payload,
                Sha256.of(payload));
    }

    /** What is known of its predictions; no accuracy under a task that nothing is right in. */
    private Map<String, Double> metrics(PrequentialStatistics statistics) {
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put("loss", statistics.meanLoss());
        metrics.put("recent-loss", statistics.recentLoss());
        if (head.task().judges()) {
            metrics.put("accuracy", statistics.accuracy());
            metrics.put("recent-accuracy", statistics.recentAccuracy());
        }
        return metrics;
    }

    ServingForm form(DeviceAdapter adapter, float[] row) {
        return ServingForm.of(
                method,
                head,
                adapter.progress().labels(),
                adapter.rowLayout(),
                row,
                base.names(head.task().peftType()));
    }

    /** With the head, which PEFT must know of. */
    private ServingForm whole(ServingForm form) {
        return head.task().hasStreamHead() ? form : form.saving(head.module().modules());
    }

    /** Writes a directory; a head that PEFT would not have saved for this configuration is not. */
    void export(DeviceAdapter adapter, PeftConfig configured, Path directory) throws IOException {
        var writer = new AdapterWriter(exported(adapter, configured));
        writer.writePeft(directory, new RecordedBase(model, base.hash()));
    }

    /** Writes AdapterHub's directory; with a head only if PEFT would have saved it. */
    void exportAdapterHub(DeviceAdapter adapter, PeftConfig configured, Path directory)
            throws IOException {
        new AdapterWriter(exported(adapter, configured)).writeAdapterHub(directory, base, model);
    }

    private ServingForm exported(DeviceAdapter adapter, PeftConfig configured) {
        ServingForm form = form(adapter, adapter.snapshot().row());
        boolean headStays =
                !head.task().hasStreamHead() && !SavedHead.named(configured, head.module());
        return headStays ? form.withoutModelHead(head.module(), configured) : whole(form);
    }
}
