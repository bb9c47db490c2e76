package io.flinkpeft.cli;

import io.flinkpeft.merge.ModelMerge;
import io.flinkpeft.merge.Rounding;
import io.flinkpeft.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a model that needs no adapter. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description = {
            "Merges an adapter into its base model and writes a Hugging Face directory.",
            "For LoRA, rsLoRA, DoRA and IA3, and every architecture."
        })
final class MergeCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "The base model: a Hugging Face directory.")
    private String model;

    @Option(
            names = "--adapter",
            required = true,
            paramLabel = "DIR",
            description = "A PEFT directory.")
    private Path adapter;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "The merged model; must be empty if it is there.")
    private Path output;

    @Option(
            names = "--safe",
            description = "Refuse values that are not finite, and round as PEFT's safe_merge.")
    private boolean safe;

    @Override
    public Integer call() throws IOException {
        Path base = ModelLocator.locate(model);
        try (var directory = OutputDirectory.create(output, Set.of())) {
            var notes =
                    ModelMerge.merge(
                            base,
                            adapter,
                            directory.path(),
                            safe ? Rounding.TWICE_AND_CHECKED : Rounding.ONCE);
            directory.commit();
            notes.forEach(spec.commandLine().getErr()::println);
        }
        AdapterNotes.anotherBase(adapter, base, spec.commandLine().getErr());
        AdapterNotes.streamHeadLeftOut(adapter, spec.commandLine().getErr());
        return 0;
    }
}
