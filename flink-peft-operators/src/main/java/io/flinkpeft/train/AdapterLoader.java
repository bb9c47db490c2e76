package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.method.AdapterFiles;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.model.BaseModel;
import java.util.List;

/** Brings adapters from versions and directories to the device. Used by any threads. */
record AdapterLoader(BaseModel base, TextSettings texts) {

    ServingAdapter load(AdapterVersion version) {
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
        String sha256 = AdapterFiles.sha256(version.payload());
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

    ServingAdapter load(String adapterId, AdapterDirectory directory) {
        ServingForm form = directory.servingForm(base);
        if (!form.kind().generates() && form.labels().isEmpty()) {
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
    ServingAdapter loadEncoder(String adapterId, AdapterDirectory directory) {
        return load(adapterId, 0, directory.servingForm(base));
    }

    private ServingAdapter load(String adapterId, long step, ServingForm form) {
        Head head = Head.of(form.kind(), base, form.labels(), form.cloze().orElse(null));
        Attachment attachment = head.attachServing(form.config(), base);
        Bank bank = Bank.of(attachment, head.task(), form.labels().size());
        head.asked().check(Encoder.of(base, attachment, texts));
        float[] row = form.row(bank, base.names(form.kind().task()));
        form.config().complete(attachment, base, row);
        return new ServingAdapter(adapterId, step, head, form.labels(), bank, base.copy(row));
    }

    /** The base without an adapter, asked by a cloze. */
    ServingAdapter load(Cloze cloze) {
        Head head = Head.of(HeadKind.CLOZE, base, List.of(), cloze);
        if (cloze.virtualTokens() > 0) {
            throw new IllegalArgumentException(
                    "template ("
                            + cloze.template()
                            + ") has places for virtual tokens, must have an adapter for them.");
        }
        return withoutAdapter(head);
    }

    /** The base with its own head and no adapter. */
    ServingAdapter withoutAdapter(HeadKind kind) {
        return withoutAdapter(Head.of(kind, base, List.of()));
    }

    /** A row that is only the head. */
    private ServingAdapter withoutAdapter(Head head) {
        Attachment none = Attachment.none(base.sites(head.task()).size());
        head.asked().check(Encoder.of(base, none, texts));
        Bank bank = Bank.of(none, head.task(), head.labels().size());
        float[] row = new float[bank.layout().size()];
        head.initialise(row, bank, 0);
        return new ServingAdapter("", 0, head, head.labels(), bank, base.copy(row));
    }
}
