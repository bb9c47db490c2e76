package io.flinkpeft.cli;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.adapterhub.AdapterHubDirectory;
import io.flinkpeft.method.adapterhub.AdapterHubWriter;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.train.AdapterDirectory;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whose files an adapter's directory has. */
enum AdapterFormat {
    /** Those of Hugging Face PEFT. */
    PEFT(List.of(PeftDirectory.CONFIG, PeftDirectory.TENSORS)),
    /** Those of AdapterHub's library, for its own methods. */
    ADAPTERHUB(AdapterHubWriter.files());

    private final Set<String> files;

    AdapterFormat(List<String> files) {
        var all = new HashSet<>(files);
        all.add(AdapterDirectory.HEAD);
        this.files = Set.copyOf(all);
    }

    /** The format of a file with settings. */
    static AdapterFormat of(String json) {
        return AdapterHubDirectory.describes(json) ? ADAPTERHUB : PEFT;
    }

    /** The format of a directory. */
    static AdapterFormat of(Path directory) throws IOException {
        return AdapterHubDirectory.is(directory) ? ADAPTERHUB : PEFT;
    }

    /** The settings in a file; what is ignored of it is written to {@code err}. */
    PeftConfig config(String json, PrintWriter err) {
        return switch (this) {
            case PEFT -> {
                PeftConfigJson.Contents contents = PeftConfigJson.readNew(json);
                contents.warnings().forEach(err::println);
                yield contents.config();
            }
            case ADAPTERHUB -> AdapterHubDirectory.config(json);
        };
    }

    /** The files that a directory may have. */
    Set<String> files() {
        return files;
    }

    void export(OnlineTrainer trainer, LiveAdapter adapter, Path directory) throws IOException {
        switch (this) {
            case PEFT -> trainer.export(adapter, directory);
            case ADAPTERHUB -> trainer.exportAdapterHub(adapter, directory);
        }
    }
}
