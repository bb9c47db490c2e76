package io.flinkpeft.method.adapterhub;

import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.bottleneck.HubFiles;
import io.flinkpeft.method.bottleneck.HubModel;
import io.flinkpeft.method.codec.AdapterFiles;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A prediction head beside an adapter in AdapterHub's files: that of a checkpoint of transformers,
 * or one of AdapterHub's own that computes the same. Names are those of transformers.
 *
 * @param task what it is for; unspecified for the head of a language model, which is the base's
 * @param tensors such as {@code classifier.weight}
 * @param labels in the order of the logits; empty if it does not say
 */
record HubHead(TaskType task, Map<String, TensorView> tensors, List<String> labels) {

    private static final int OUTPUT_OF_ONE = 1;
    private static final int OUTPUT_OF_TWO = 4;

    /** How AdapterHub's numbers of layers are called in transformers. */
    private record Names(TaskType task, Map<Integer, String> modules) {}

    /**
     * The head in a directory; empty if there is none.
     *
     * @throws IllegalArgumentException if it is broken, or computes what none of ours does
     */
    static Optional<HubHead> in(Path directory) throws IOException {
        Path file = directory.resolve(HubFiles.HEAD_CONFIG);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonValues values = JsonValues.parse(AdapterFiles.text(file));
        Names names = values.isNull("config") ? ofClass(values) : ofType(values);
        if (names.task() == TaskType.UNSPECIFIED) {
            return Optional.empty();
        }
        var tensors = AdapterFiles.tensors(HubFiles.headTensors(directory)).tensors();
        return Optional.of(
                new HubHead(names.task(), renamed(names, values, tensors), labels(values)));
    }

    /** The head of a model of transformers. */
    private static Names ofClass(JsonValues values) {
        String name = values.text("model_class", "");
        TaskType task =
                name.endsWith("ForSequenceClassification")
                        ? TaskType.SEQ_CLS
                        : name.endsWith("ForTokenClassification")
                                ? TaskType.TOKEN_CLS
                                : name.endsWith("ForQuestionAnswering")
                                        ? TaskType.QUESTION_ANS
                                        : TaskType.UNSPECIFIED;
        return new Names(task, Map.of());
    }

    /** One of AdapterHub's own. */
    private static Names ofType(JsonValues values) {
        JsonValues config = values.object("config");
        String type = config.text("head_type", "");
        int layers = config.integer("layers", 1);
        boolean pooler = config.flag("use_pooler");
        String family = values.text("model_type", "");
        boolean roberta = family.endsWith("roberta");
        return switch (type) {
            case "causal_lm", "masked_lm", "seq2seq_lm" ->
                    new Names(TaskType.UNSPECIFIED, Map.of());
            case "tagging" -> one(type, layers, TaskType.TOKEN_CLS, "classifier");
            case "question_answering" -> one(type, layers, TaskType.QUESTION_ANS, "qa_outputs");
            case "classification" -> {
                boolean two = layers == 2 && !pooler && roberta;
                if (two && config.text("activation_function", "").equals("tanh")) {
                    yield new Names(
                            TaskType.SEQ_CLS,
                            Map.of(
                                    OUTPUT_OF_ONE, "classifier.dense",
                                    OUTPUT_OF_TWO, "classifier.out_proj"));
                }
                if (!pooler || roberta) {
                    throw new IllegalArgumentException(
                            "head_type (classification) with layers ("
                                    + layers
                                    + ") and use_pooler ("
                                    + pooler
                                    + ") must be the head of the "
                                    + family
                                    + " checkpoint. Maybe use layers 1 with the pooler.");
                }
                yield one(type, layers, TaskType.SEQ_CLS, "classifier");
            }
            default ->
                    throw new IllegalArgumentException(
                            "head_type ("
                                    + type
                                    + ") must be classification, tagging, question_answering,"
                                    + " causal_lm, masked_lm or seq2seq_lm.");
        };
    }

    private static Names one(String type, int layers, TaskType task, String module) {
        if (layers != 1) {
            throw new IllegalArgumentException(
                    "layers (" + layers + ") of head_type (" + type + ") must be 1.");
        }
        return new Names(task, Map.of(OUTPUT_OF_ONE, module));
    }

    private static Map<String, TensorView> renamed(
            Names names, JsonValues values, Map<String, TensorView> tensors) {
        var renamed = new TreeMap<String, TensorView>();
        String start = "heads." + values.text("name", "") + ".";
        for (TensorView tensor : tensors.values()) {
            String name = tensor.name();
            for (var module : names.modules().entrySet()) {
                String layer = start + module.getKey() + ".";
                if (name.startsWith(layer)) {
                    name = module.getValue() + "." + name.substring(layer.length());
                }
            }
            renamed.put(name, tensor.named(name));
        }
        return renamed;
    }

    private static List<String> labels(JsonValues values) {
        Map<String, Integer> ids = values.integersByName("label2id");
        if (ids.isEmpty()) {
            ids = values.object("config").integersByName("label2id");
        }
        var labels = new ArrayList<String>(Collections.nCopies(ids.size(), null));
        for (var label : ids.entrySet()) {
            int id = label.getValue();
            if (id < 0 || id >= labels.size() || labels.get(id) != null) {
                throw new IllegalArgumentException(
                        "label2id (" + ids + ") must number the labels from 0.");
            }
            labels.set(id, label.getKey());
        }
        return labels;
    }

    /** What {@code head_config.json} says of the head of a model of transformers. */
    static Map<String, Object> json(HubModel model, List<String> labels) {
        Map<String, Object> json = model.json(null, null);
        var ids = new LinkedHashMap<String, Object>();
        for (int i = 0; i < labels.size(); i++) {
            ids.put(labels.get(i), i);
        }
        json.put("label2id", ids);
        json.put("num_labels", labels.size());
        return json;
    }
}
