package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.TextEncoder;
import io.flinkpeft.task.TextSettings;
import java.util.List;

/** Brings adapters from versions and directories to the device. Used by any threads. */
record AdapterLoader(BaseModel base, TextSettings texts) {

    ServingRow load(AdapterVersion version) {
        if (!version.baseHash().equals(base.hash())) {
            throw new IllegalArgumentException(
                    "Adapter "
                            + version.name()
                            + " was trained on base "
                            + version.baseHash()
                            + ", must be on "
                            + base.hash()
                            + " of "
                            + base.directory().path()
                            + ".");
        }
        String sha256 = Sha256.of(version.payload());
        if (!sha256.equals(version.sha256())) {
            throw new IllegalArgumentException(
                    "Adapter "
                            + version.name()
                            + " has a payload with SHA-256 "
                            + sha256
                            + ", must have "
                            + version.sha256()
                            + ".");
        }
        return load(version.adapterId(), version.step(), ServingForm.fromBytes(version.payload()));
    }

    ServingRow load(String adapterId, AdapterDirectory directory) {
        ServingForm form = directory.servingForm(base);
        if (!form.task().predictsTokens() && form.labels().isEmpty()) {
            throw new IllegalArgumentException(
                    "Adapter "
                            + adapterId
                            + " has no head, it must have "
                            + AdapterDirectory.HEAD
                            + " to classify. Maybe train one.");
        }
        return load(adapterId, 0, form);
    }

    /** One that needs no head. */
    ServingRow loadEncoder(String adapterId, AdapterDirectory directory) {
        return load(adapterId, 0, directory.servingForm(base));
    }

    private ServingRow load(String adapterId, long step, ServingForm form) {
        Head head = Head.of(form.task(), base, form.labels());
        AttachedMethod attachment = head.attachServing(form.config(), base);
        RowLayout rowLayout = RowLayout.of(attachment, head.module(), form.labels().size());
        head.task().check(TextEncoder.of(base, attachment, head.module(), texts));
        float[] row = form.row(rowLayout, base.names(form.task().peftType()));
        attachment.complete(base, row);
        return new ServingRow(adapterId, step, head, form.labels(), rowLayout, base.copy(row));
    }

    /** The base with its own head and no adapter: a row that is only the head. */
    ServingRow withoutAdapter(Task task) {
        task.checkAlone();
        Head head = Head.of(task, base, List.of());
        AttachedMethod none = AttachedMethod.none(base.sites(head.module()).size());
        head.task().check(TextEncoder.of(base, none, head.module(), texts));
        RowLayout rowLayout = RowLayout.of(none, head.module(), head.labels().size());
        float[] row = new float[rowLayout.tensors().size()];
        head.initialize(row, rowLayout, 0);
        return new ServingRow("", 0, head, head.labels(), rowLayout, base.copy(row));
    }
}
