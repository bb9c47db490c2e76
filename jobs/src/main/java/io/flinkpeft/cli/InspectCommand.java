package io.flinkpeft.cli;

import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adapterhub.AdapterHubDirectory;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.train.AdapterDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what is in a model, an adapter or a file of tensors. Runs nothing, loads no pickle. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description =
                "Prints what is in a model directory, a PEFT directory or a safetensors file.")
final class InspectCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "PATH", description = "A directory or a file.")
    private Path path;

    @Override
    public Integer call() throws IOException {
        if (Files.isRegularFile(path)) {
            file();
        } else if (Files.exists(path.resolve(PeftDirectory.CONFIG))
                || Files.isDirectory(path) && AdapterHubDirectory.is(path)) {
            adapter();
        } else if (Files.exists(path.resolve("config.json"))) {
            model();
        } else {
            throw new IllegalArgumentException(
                    "Path ("
                            + path
                            + ") must be a model directory with config.json, an adapter's directory with "
                            + PeftDirectory.CONFIG
                            + ", or a safetensors file.");
        }
        return 0;
    }

    private void file() throws IOException {
        if (!path.toString().endsWith(".safetensors")) {
            throw new IllegalArgumentException(
                    "File (" + path + ") must be a .safetensors file; others are not opened.");
        }
        SafetensorsFile file = SafetensorsFile.open(path);
        print("file", path);
        file.metadata().forEach((key, value) -> print("metadata " + key, value));
        tensors(file.tensors().values());
    }

    private void adapter() {
        AdapterDirectory directory = AdapterDirectory.read(path);
        print("adapter", path);
        print("base model", directory.adapter().baseModelName());
        print("method", directory.config().peftType());
        directory.warnings().forEach(warning -> print("ignored", warning));
        directory.streamLabels().ifPresent(labels -> print("labels", labels));
        print(
                "settings",
                PeftConfigJson.write(directory.config(), directory.adapter().baseModelName()));
        tensors(directory.adapter().tensors().values());
        tensors(directory.head().values());
    }

    private void model() throws IOException {
        ModelDirectory model = ModelDirectory.open(path);
        print("model", path);
        print("architectures", model.config().architectures());
        print("labels", model.hasHead(TaskType.SEQ_CLS) ? model.config().labels() : "none");
        print("layers", model.config().layers());
        print("hidden size", model.config().hiddenSize());
        print("heads", model.config().heads());
        print("vocabulary", model.config().vocabularySize());
        print("positions", model.config().maxPositions());
        print("pooling", model.pooling());
        print("sha256 of tensors", model.hash());
        tensors(model.tensors().values());
    }

    private void tensors(Collection<TensorView> tensors) {
        long values = 0;
        long bytes = 0;
        for (TensorView tensor : tensors) {
            print("tensor " + tensor.name(), tensor.dtype() + " " + tensor.shape());
            values += tensor.shape().stream().reduce(1L, Math::multiplyExact);
            bytes += tensor.data().remaining();
        }
        if (!tensors.isEmpty()) {
            print("total", tensors.size() + " tensors, " + values + " values, " + bytes + " bytes");
        }
    }

    private void print(String what, Object value) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(what + ": " + value);
    }
}
