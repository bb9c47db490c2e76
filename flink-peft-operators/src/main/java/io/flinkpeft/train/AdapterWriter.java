package io.flinkpeft.train;

import io.flinkpeft.method.adapterhub.AdapterHubWriter;
import io.flinkpeft.method.bottleneck.HubModel;
import io.flinkpeft.method.codec.PeftAdapter;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.method.file.RecordedBase;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.HeadTensor;
import io.flinkpeft.model.ModelConfig;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.task.ClozeJson;
import io.flinkpeft.task.StreamTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes the files that {@link AdapterDirectory} reads to a directory, which is made if need be.
 *
 * @param form the adapter
 */
record AdapterWriter(ServingForm form) {

    /** PEFT's files, and a head or a cloze that it does not know beside them. */
    void writePeft(Path directory, RecordedBase base) throws IOException {
        var adapter = new TreeMap<>(form.tensors());
        List<TensorView> head = take(List.of(StreamTask.WEIGHT, StreamTask.BIAS), adapter);
        PeftDirectory.write(
                directory,
                PeftAdapter.of(form.config(), base.name(), adapter.values()),
                base,
                form.besideHead());
        writeStreamHead(directory, head);
        if (form.task().cloze().isPresent()) {
            String text = ClozeJson.write(form.task().cloze().get());
            Files.writeString(directory.resolve(ClozeJson.FILE), text);
        }
    }

    /** AdapterHub's files. */
    void writeAdapterHub(Path directory, BaseModel base, String baseModelName) throws IOException {
        Files.createDirectories(directory);
        var adapter = new TreeMap<>(form.tensors());
        var names = form.task().head(base).tensors().stream().map(HeadTensor::name).toList();
        List<TensorView> head = take(names, adapter);
        ModelConfig config = base.directory().config();
        List<String> classes = config.architectures();
        var writer =
                new AdapterHubWriter(
                        new HubModel(
                                config.modelType(),
                                baseModelName,
                                classes.isEmpty() ? "" : classes.get(0),
                                config.hiddenSize(),
                                base.tensorPrefix(form.task().peftType())));
        writer.write(directory, form.config(), adapter.values());
        writeStreamHead(directory, head);
        if (!form.task().hasStreamHead() && !head.isEmpty()) {
            writer.writeHead(directory, head, form.labels());
        }
    }

    private static List<TensorView> take(List<String> names, TreeMap<String, TensorView> from) {
        List<TensorView> taken = new ArrayList<>();
        for (String name : names) {
            Optional.ofNullable(from.remove(name)).ifPresent(taken::add);
        }
        return taken;
    }

    private void writeStreamHead(Path directory, List<TensorView> head) throws IOException {
        if (form.task().hasStreamHead()) {
            Path file = directory.resolve(AdapterDirectory.HEAD);
            SafetensorsWriter.write(file, head, form.headMetadata());
        }
    }
}
