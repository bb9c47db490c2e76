package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.PrequentialStatistics;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.model.BaseModel;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Cuts versions from adapters in training.
 *
 * @param method the method as it is exported, its targets by name
 * @param head the head
 * @param base the base
 */
record Versions(PeftConfig method, Head head, BaseModel base) {

    AdapterVersion of(LiveAdapter adapter) {
        AdapterState state = adapter.snapshot();
        byte[] payload = form(adapter, state.row()).toBytes(base.directory().path().toString());
        PrequentialStatistics statistics = state.statistics();
        return new AdapterVersion(
                state.adapterId(),
                state.step(),
                state.publishedStep(),
                state.baseHash(),
                method.peftType(),
                state.numerics(),
                state.lineage(),
                Map.of(
                        "accuracy", statistics.accuracy(),
                        "loss", statistics.meanLoss(),
                        "recent-accuracy", statistics.recentAccuracy(),
                        "recent-loss", statistics.recentLoss()),
                payload,
                sha256(payload));
    }

    ServingForm form(LiveAdapter adapter, float[] row) {
        return ServingForm.of(
                method,
                head,
                adapter.progress().labels(),
                adapter.bank(),
                row,
                base.modulePrefix());
    }

    /** Writes a directory; a head that PEFT would not have saved for this configuration is not. */
    void export(LiveAdapter adapter, PeftConfig configured, Path directory) throws IOException {
        ServingForm form = form(adapter, adapter.snapshot().row());
        if (head.kind() != HeadKind.STREAM && !AdapterDirectory.savesModelHead(configured)) {
            form = form.withoutModelHead(head.task());
        }
        AdapterDirectory.write(directory, form, base.directory().path().toString());
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
