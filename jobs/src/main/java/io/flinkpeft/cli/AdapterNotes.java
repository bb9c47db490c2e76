package io.flinkpeft.cli;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.file.RecordedBase;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.model.BaseHash;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.train.AdapterDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a user should know of an adapter that is used all the same: a line each. */
final class AdapterNotes {

    private AdapterNotes() {}

    /** What was ignored in a directory's files, and that they are for another model. */
    static void print(
            Path path, AdapterDirectory directory, ModelDirectory model, PrintWriter err) {
        directory.notes(path, model).forEach(err::println);
    }

    /** That an adapter's files are for another model, of any architecture. */
    static void anotherBase(Path adapter, Path model, PrintWriter err) throws IOException {
        RecordedBase.read(adapter)
                .note(adapter, model, () -> BaseHash.of(model))
                .ifPresent(err::println);
    }

    /** Settings that PEFT reads and a server of many adapters, such as vLLM, does not. */
    static void forPeftAlone(PeftConfig config, PrintWriter err) {
        if (config instanceof LoraConfig lora) {
            List<String> keys = new ArrayList<>();
            if (!lora.ranks().rankPattern().isEmpty()) {
                keys.add("rank_pattern");
            }
            if (!lora.ranks().alphaPattern().isEmpty()) {
                keys.add("alpha_pattern");
            }
            if (!keys.isEmpty()) {
                err.println(
                        "adapter_config.json: "
                                + String.join(" and ", keys)
                                + " must be read by who serves the adapter. PEFT does, vLLM does"
                                + " not.");
            }
        }
    }

    /** Settings of a model that change what it generates in transformers. */
    static void ignoredOfGeneration(ModelDirectory model, PrintWriter err) {
        model.generation().note(model.path()).ifPresent(err::println);
    }

    /** A head that grew on a stream is no tensor of the base. */
    static void streamHeadLeftOut(Path adapter, PrintWriter err) {
        Path head = adapter.resolve(AdapterDirectory.HEAD);
        if (Files.exists(head)) {
            err.println("File (" + head + ") is left out: a stream's head is no part of the base.");
        }
    }
}
