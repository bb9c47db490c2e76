package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.adapterhub.AdapterHubDirectory;
import io.flinkpeft.method.codec.PeftAdapter;
import io.flinkpeft.method.file.PeftCodecs;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.method.file.RecordedBase;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.OwnTokenizer;
import io.flinkpeft.safetensors.Limits;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.task.Cloze;
import io.flinkpeft.task.ClozeJson;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * A directory with an adapter: the files of PEFT and, for a head that grew on a stream, {@value
 * #HEAD} beside them, with {@code head.weight [labels, features]}, {@code head.bias [labels]} and
 * the labels as a JSON array in its metadata. PEFT reads the directory and ignores the head. Or the
 * files of AdapterHub, with such a head or one of transformers.
 *
 * @param adapter what PEFT sees
 * @param streamLabels the labels of the stream head, in the order of their logits; absent if there
 *     is no such head
 * @param head the tensors of the stream head; empty if there is none
 * @param warnings what was ignored; usually empty
 * @param headLabels the labels of a head of transformers, in the order of its logits; empty if the
 *     directory does not say
 * @param cloze the template and the words of {@value ClozeJson#FILE}, if it is there
 * @param said what the files say that it is for, beside PEFT's type, if they do
 * @param base what the files say of the base model
 */
public record AdapterDirectory(
        PeftAdapter adapter,
        Optional<List<String>> streamLabels,
        Map<String, TensorView> head,
        List<String> warnings,
        List<String> headLabels,
        Optional<Cloze> cloze,
        Optional<Task> said,
        RecordedBase base) {

    /** The key of the task in the metadata of PEFT's tensors, where PEFT does not look. */
    static final String TASK = "task";

    /** The file with the stream head. */
    public static final String HEAD = "head.safetensors";

    /**
     * Reads a directory into memory. Whether it fits a base model turns out when it is loaded.
     *
     * @throws IllegalArgumentException if something is missing, broken or not supported
     */
    public static AdapterDirectory read(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("Adapter (" + directory + ") must be a directory.");
        }
        try {
            AdapterDirectory adapter = adapter(directory);
            Path cloze = directory.resolve(ClozeJson.FILE);
            if (Files.exists(cloze)) {
                return adapter.withCloze(ClozeJson.read(cloze));
            }
            Path file = directory.resolve(HEAD);
            return Files.exists(file) ? adapter.withStreamHead(head(file)) : adapter;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AdapterDirectory adapter(Path directory) throws IOException {
        if (AdapterHubDirectory.is(directory)) {
            var contents = AdapterHubDirectory.read(directory);
            return withoutHead(contents.adapter(), List.of(), contents.labels(), Map.of());
        }
        var contents = PeftDirectory.read(directory);
        List<String> labels = PeftDirectory.labels(contents.metadata());
        return withoutHead(contents.adapter(), contents.warnings(), labels, contents.metadata());
    }

    private static AdapterDirectory withoutHead(
            PeftAdapter adapter,
            List<String> warnings,
            List<String> labels,
            Map<String, String> metadata) {
        return new AdapterDirectory(
                adapter,
                Optional.empty(),
                Map.of(),
                warnings,
                labels,
                Optional.empty(),
                Optional.ofNullable(metadata.get(TASK)).map(Tasks::named),
                RecordedBase.of(adapter.baseModelName(), metadata));
    }

    private AdapterDirectory withStreamHead(SafetensorsFile head) {
        var labels = Optional.of(ServingForm.labels(head));
        return new AdapterDirectory(
                adapter, labels, head.tensors(), warnings, headLabels, cloze, said, base);
    }

    /** The same adapter for classification by a cloze. */
    public AdapterDirectory withCloze(Cloze template) {
        return new AdapterDirectory(
                adapter,
                streamLabels,
                head,
                warnings,
                headLabels,
                Optional.of(template),
                said,
                base);
    }

    private static SafetensorsFile head(Path file) throws IOException {
        try {
            // in memory, not mapped: the directory may be replaced while the adapter is in use
            return SafetensorsFile.of(ByteBuffer.wrap(Files.readAllBytes(file)), Limits.ADAPTER);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * What a user should know before it is used with a model, a line each: what was ignored in its
     * files, that they name another model, and which tokens its own tokenizer has more.
     *
     * @param path where it was read
     * @throws IllegalArgumentException if its own tokenizer makes other tokens than the model's
     */
    public List<String> notes(Path path, ModelDirectory model) {
        List<String> notes = new ArrayList<>();
        warnings.forEach(warning -> notes.add("Adapter " + path + ": " + warning));
        base.note(path, model.path(), model::hash).ifPresent(notes::add);
        try {
            OwnTokenizer.check(path, model).ifPresent(notes::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return notes;
    }

    /** The method and its settings. */
    public PeftConfig config() {
        return adapter.config();
    }

    /**
     * Whether the model's own head is trained and saved with the adapter. PEFT knows some heads
     * only if {@code modules_to_save} names them.
     */
    public static boolean savesModelHead(PeftConfig config, ModelDirectory model, Task task) {
        return model.head(task.peftType())
                .filter(head -> SavedHead.named(config, head))
                .isPresent();
    }

    /** What this adapter is for, on a model. */
    public Task taskOn(ModelDirectory model) {
        if (cloze.isPresent()) {
            return new ClozeTask(cloze.get());
        }
        return streamLabels.isPresent()
                ? new StreamTask()
                : said.orElseGet(() -> Tasks.of(config().taskType(), model));
    }

    /**
     * The labels that the model's own head has with this adapter: the model's; if it has no head,
     * those that the adapter's files name, or the model's if they are as many, or numbers, as in
     * transformers.
     */
    public List<String> modelLabels(ModelDirectory model) {
        Task task = taskOn(model);
        if (task.fixedLabels().isPresent()) {
            return task.fixedLabels().get();
        }
        List<String> labels = model.config().labels();
        TensorView own =
                model.head(task.peftType())
                        .map(
                                head ->
                                        PeftCodecs.tensors(config()).headPrefix()
                                                + head.firstPerLabel().name())
                        .map(adapter.tensors()::get)
                        .orElse(null);
        if (own == null || model.hasHead(task.peftType())) {
            return labels;
        }
        if (own.shape().get(0) == headLabels.size()) {
            return headLabels;
        }
        if (own.shape().get(0) == labels.size()) {
            return labels;
        }
        return LongStream.range(0, own.shape().get(0)).mapToObj(i -> "LABEL_" + i).toList();
    }

    /** The form that predicts on this base; a head that it has not saved is the base's. */
    ServingForm servingForm(BaseModel base) {
        SavedBase.check(adapter, base);
        Task task = taskOn(base.directory());
        return task.hasStreamHead() ? streamForm(task, base) : modelForm(task, base);
    }

    /**
     * The adapter's tensors by the names that this base's head gives them: AdapterHub's files may
     * have been written by a model with another one.
     */
    private Map<String, TensorView> tensors(BaseModel base) {
        Task task = taskOn(base.directory());
        String prefix = base.tensorPrefix(task.peftType());
        boolean bare = task.hasStreamHead();
        var tensors = new TreeMap<String, TensorView>();
        for (TensorView tensor : adapter.tensors().values()) {
            String name = tensor.name();
            boolean has = name.startsWith(prefix);
            if (PeftCodecs.tensors(config()).prefixOptional(name) && has == bare) {
                name = has ? name.substring(prefix.length()) : prefix + name;
            }
            tensors.put(name, tensor.named(name));
        }
        return tensors;
    }

    private ServingForm streamForm(Task task, BaseModel base) {
        var tensors = new TreeMap<>(tensors(base));
        tensors.putAll(head);
        if (streamLabels.isEmpty()) {
            float[] nothing = {};
            tensors.put(
                    StreamTask.WEIGHT,
                    TensorView.of(StreamTask.WEIGHT, nothing, 0, base.hiddenSize()));
            tensors.put(StreamTask.BIAS, TensorView.of(StreamTask.BIAS, nothing, 0));
        }
        return new ServingForm(config(), task, streamLabels.orElse(List.of()), tensors);
    }

    private ServingForm modelForm(Task task, BaseModel base) {
        var tensors = new TreeMap<>(tensors(base));
        base.directory()
                .head(task.peftType())
                .ifPresent(
                        head -> {
                            SavedHead.check(config(), head, tensors.keySet());
                            head.tensors().forEach(own -> addOwn(own.name(), base, tensors));
                        });
        return new ServingForm(config(), task, modelLabels(base.directory()), tensors);
    }

    /** Adds the base's own tensor where the adapter has none. */
    private void addOwn(String head, BaseModel base, Map<String, TensorView> tensors) {
        String name = PeftCodecs.tensors(config()).headPrefix() + head;
        base.extra(head)
                .map(own -> TensorView.of(name, own.toFloats(), own.dimensions()))
                .ifPresent(own -> tensors.putIfAbsent(name, own));
    }

    /**
     * Writes a version to a directory, which is made if need be.
     *
     * @param baseModelName where PEFT finds the base model
     * @throws IOException if writing fails
     */
    public static void write(Path directory, AdapterVersion version, String baseModelName)
            throws IOException {
        var writer = new AdapterWriter(ServingForm.fromBytes(version.payload()));
        writer.writePeft(directory, new RecordedBase(baseModelName, version.baseHash()));
    }
}
