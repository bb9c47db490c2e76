package io.flinkpeft.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.FullNames;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.Serving;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.FileTensors;
import io.flinkpeft.method.codec.PeftAdapter;
import io.flinkpeft.method.file.PeftCodecs;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.model.HeadTensor;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.safetensors.Limits;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.task.ClozeJson;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.Tasks;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * An adapter in the form that predicts: a configuration, labels and named tensors, as the payload
 * of a version holds them.
 *
 * <p>The payload is a safetensors file. Tensors have the names of PEFT; the head of a stream is
 * {@code head.weight [labels, features]} and {@code head.bias [labels]}. The metadata holds {@code
 * adapter_config}, the text of PEFT's {@code adapter_config.json}, {@code head}, the name of the
 * task, {@code labels}, a JSON array, and {@code cloze}, a template and its words if it has them.
 *
 * @param config the method and its settings
 * @param task what it is for
 * @param labels in the order of the logits
 * @param tensors by PEFT's names
 */
record ServingForm(
        PeftConfig config, Task task, List<String> labels, Map<String, TensorView> tensors) {

    static final String CONFIG = "adapter_config";
    static final String LABELS = "labels";
    static final String HEAD = "head";
    static final String CLOZE = "cloze";

    private static final int SHOWN = 200;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    /** The names of a row's tensors in PEFT, for a model with these names. */
    static String peftName(
            TensorLayout.Slot slot,
            RowLayout rowLayout,
            PeftConfig config,
            Task task,
            FullNames names) {
        if (rowLayout.headTensor(slot).isPresent()) {
            return task.hasStreamHead()
                    ? slot.name()
                    : PeftCodecs.tensors(config).headPrefix() + slot.name();
        }
        return PeftCodecs.tensors(config).fileName(slot.name(), names(task, names));
    }

    private static FullNames names(Task task, FullNames names) {
        return task.hasStreamHead() ? FullNames.BARE : names;
    }

    /** The serving form of a row. */
    static ServingForm of(
            PeftConfig config,
            Head head,
            List<String> labels,
            RowLayout rowLayout,
            float[] row,
            FullNames names) {
        Task task = head.task();
        Map<String, TensorView> tensors = new LinkedHashMap<>();
        Serving serving = rowLayout.attached().serving(row);
        FileTensors files = PeftCodecs.tensors(serving.config());
        for (TensorView tensor : serving.tensors()) {
            String name = files.fileName(tensor.name(), names(task, names));
            tensors.put(name, TensorView.of(name, tensor.toFloats(), tensor.dimensions()));
        }
        for (TensorLayout.Slot slot : rowLayout.tensors().slots()) {
            if (rowLayout.headTensor(slot).isPresent()) {
                String name = peftName(slot, rowLayout, serving.config(), task, names);
                tensors.put(name, view(name, slot, rowLayout, labels.size(), row));
            }
        }
        return new ServingForm(serving.config(), task, labels, tensors);
    }

    /** A tensor of the row; of a head only the labels in use. */
    private static TensorView view(
            String name, TensorLayout.Slot slot, RowLayout rowLayout, int labels, float[] row) {
        long[] shape = shape(slot, rowLayout, labels);
        int size = 1;
        for (long dimension : shape) {
            size = Math.toIntExact(size * dimension);
        }
        float[] values = new float[size];
        System.arraycopy(row, slot.offset(), values, 0, size);
        return TensorView.of(name, values, shape);
    }

    private static long[] shape(TensorLayout.Slot slot, RowLayout rowLayout, int labels) {
        long[] shape = slot.shape().stream().mapToLong(Integer::longValue).toArray();
        if (rowLayout.headTensor(slot).filter(HeadTensor::perLabel).isPresent()) {
            shape[0] = labels;
        }
        return shape;
    }

    /**
     * The row of this layout that these tensors fill; labels that are not in use stay zero, as does
     * what no file holds.
     *
     * @throws IllegalArgumentException if they are not those of the layout
     */
    float[] row(RowLayout rowLayout, FullNames names) {
        Map<String, List<Long>> expected = new LinkedHashMap<>();
        List<TensorLayout.Slot> saved =
                rowLayout.tensors().slots().stream()
                        .filter(s -> PeftCodecs.tensors(config).saved(s.name()))
                        .toList();
        for (TensorLayout.Slot slot : saved) {
            String name = peftName(slot, rowLayout, config, task, names);
            expected.put(
                    name, Arrays.stream(shape(slot, rowLayout, labels.size())).boxed().toList());
        }
        List<TensorView> needed =
                tensors.values().stream()
                        .filter(t -> !PeftCodecs.tensors(config).redundant(t.name()))
                        .toList();
        PeftAdapter.of(config, "", needed).checked(expected);
        float[] row =
                new float[rowLayout.tensors().size()]; // no larger than what came, from here on
        for (TensorLayout.Slot slot : saved) {
            float[] values = tensors.get(peftName(slot, rowLayout, config, task, names)).toFloats();
            System.arraycopy(values, 0, row, slot.offset(), values.length);
        }
        return row;
    }

    /** The payload of a version. */
    byte[] toBytes(String baseModelName) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        metadata.put(CONFIG, PeftConfigJson.write(config, baseModelName));
        metadata.put(HEAD, task.name());
        metadata.put(LABELS, labelsJson());
        task.cloze().ifPresent(own -> metadata.put(CLOZE, ClozeJson.write(own)));
        return SafetensorsWriter.toBytes(List.copyOf(tensors.values()), metadata);
    }

    private String labelsJson() {
        try {
            return MAPPER.writeValueAsString(labels);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same whose files say that these heads are saved whole. */
    ServingForm saving(Set<String> heads) {
        Set<String> missing = new TreeSet<>(heads);
        config.modulesToSave().forEach(missing::remove);
        return new ServingForm(config.saving(missing), task, labels, tensors);
    }

    /**
     * The same for a model whose own head stays as it is; one without tensors always does. The task
     * is said if the method was configured for it.
     */
    ServingForm withoutModelHead(ModelHead head, PeftConfig configured) {
        if (head.tensors().isEmpty()) {
            return this;
        }
        Map<String, TensorView> others = new LinkedHashMap<>(tensors);
        head.tensors()
                .forEach(
                        tensor ->
                                others.remove(
                                        PeftCodecs.tensors(config).headPrefix() + tensor.name()));
        boolean said = configured.taskType() == task.peftType();
        TaskType type = said ? task.peftType() : TaskType.UNSPECIFIED;
        return new ServingForm(config.withTaskType(type), task, labels, others);
    }

    /**
     * What PEFT's file says beside its tensors, if it has the model's head: names of labels, and
     * the task where PEFT's type stands for another one.
     */
    Map<String, String> besideHead() {
        boolean named = !task.hasStreamHead() && task.fixedLabels().isEmpty();
        if (!named || config.modulesToSave().isEmpty()) {
            return Map.of();
        }
        return task.name().equals(Tasks.meantBy(task.peftType()).name())
                ? Map.of(LABELS, labelsJson())
                : Map.of(LABELS, labelsJson(), AdapterDirectory.TASK, task.name());
    }

    /** What the file of a stream head says beside its tensors. */
    Map<String, String> headMetadata() {
        return Map.of("format", "pt", LABELS, labelsJson());
    }

    /**
     * Reads a payload.
     *
     * @throws IllegalArgumentException if it is not a safetensors file, or its metadata is not
     *     complete
     */
    static ServingForm fromBytes(byte[] payload) {
        SafetensorsFile file = SafetensorsFile.of(ByteBuffer.wrap(payload), Limits.DEFAULT);
        String config = required(file, CONFIG);
        Task named = Tasks.named(required(file, HEAD));
        return new ServingForm(
                PeftConfigJson.readVersion(config).config(),
                Optional.ofNullable(file.metadata().get(CLOZE))
                        .<Task>map(cloze -> new ClozeTask(ClozeJson.of(cloze)))
                        .orElse(named),
                labels(file),
                file.tensors());
    }

    /**
     * The labels in a file's metadata.
     *
     * @throws IllegalArgumentException if there are none
     */
    static List<String> labels(SafetensorsFile file) {
        return labels(required(file, LABELS));
    }

    private static List<String> labels(String labels) {
        try {
            List<String> read = MAPPER.readValue(labels, STRINGS);
            if (read != null && !read.contains(null) && Set.copyOf(read).size() == read.size()) {
                return read;
            }
            throw notLabels(labels, null);
        } catch (JsonProcessingException e) {
            throw notLabels(labels, e);
        }
    }

    private static IllegalArgumentException notLabels(String labels, Exception cause) {
        String shown = labels.length() <= SHOWN ? labels : labels.substring(0, SHOWN) + "...";
        return new IllegalArgumentException(
                "Metadata labels (" + shown + ") must be a JSON array of different strings.",
                cause);
    }

    private static String required(SafetensorsFile file, String key) {
        String value = file.metadata().get(key);
        if (value == null) {
            throw new IllegalArgumentException(
                    "File has metadata " + file.metadata().keySet() + ", must have " + key + ".");
        }
        return value;
    }
}
