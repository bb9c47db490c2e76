package io.flinkpeft.train;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.HeadTensor;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.task.Cloze;
import io.flinkpeft.task.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is trained for a task, on a given base.
 *
 * @param task what is asked of a text
 * @param module its program texts and tensors
 * @param labels the fixed labels in the order of their logits; empty if labels may appear
 * @param values the first values of its tensors, by name; of one that is missing a stream's starts
 *     at zero and a model's as in transformers, weights normal and biases zero
 */
record Head(Task task, ModelHead module, List<String> labels, Map<String, float[]> values) {

    /** The standard deviation of weights in transformers. */
    private static final float DEVIATION = 0.02f;

    /**
     * A head.
     *
     * @param given labels of a stream, if they are fixed; of a model, if it has no head of its own
     * @throws IllegalArgumentException if the base has no such head, and none can be made
     */
    static Head of(Task task, BaseModel base, List<String> given) {
        ModelHead module = task.head(base);
        List<String> labels = task.labels(base.directory(), given);
        boolean fresh = !given.isEmpty() || task.fixedLabels().isPresent();
        return new Head(
                task.on(base),
                module,
                labels,
                task.hasStreamHead() || fresh && !base.directory().hasHead(task.peftType())
                        ? Map.of()
                        : values(task, base, module, labels.size()));
    }

    private static Map<String, float[]> values(
            Task task, BaseModel base, ModelHead module, int labels) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (HeadTensor tensor : module.tensors()) {
            values.put(tensor.name(), values(task, base, tensor, labels));
        }
        return values;
    }

    private static IllegalArgumentException refused(BaseModel base, String why) {
        return new IllegalArgumentException("Model " + base.directory().path() + " " + why);
    }

    private static float[] values(Task task, BaseModel base, HeadTensor tensor, int labels) {
        TensorView view =
                base.extra(tensor.name())
                        .orElseThrow(
                                () ->
                                        refused(
                                                base,
                                                "has no tensor "
                                                        + tensor.name()
                                                        + ", head.kind ("
                                                        + task.name()
                                                        + ") must have it. Maybe use STREAM."));
        List<Long> shape = tensor.shape(labels).stream().map(Integer::longValue).toList();
        if (!view.shape().equals(shape)) {
            throw refused(
                    base,
                    "has shape %s in %s, must have %s for its labels."
                            .formatted(view.shape(), view.name(), shape));
        }
        return view.toFloats();
    }

    /** A method on the base under this head. */
    AttachedMethod attach(PeftConfig method, BaseModel base) {
        AttachedMethod attachment = method.attach(sites(base), model(base, method));
        checkReads(method, attachment, base);
        attachment.frozen().forEach(base::frozen);
        task.check(method, attachment);
        return attachment;
    }

    /** The same for what predicts. */
    AttachedMethod attachServing(PeftConfig method, BaseModel base) {
        AttachedMethod attachment = method.attachServing(sites(base), model(base, method));
        checkReads(method, attachment, base);
        attachment.frozen().forEach(base::frozen);
        task.check(method, attachment);
        return attachment;
    }

    /** Where a decoder reads the text again, PEFT has no place for tokens of a method. */
    private void checkReads(PeftConfig method, AttachedMethod attachment, BaseModel base) {
        if (attachment.virtualTokens() > 0 && base.encodesAndDecodes() && !task.predictsTokens()) {
            throw new IllegalArgumentException(
                    "peft_type ("
                            + method.peftType()
                            + ") must not be used with head.kind ("
                            + task.name()
                            + ") and model_type ("
                            + base.directory().config().modelType()
                            + "), whose decoder reads the text itself. Maybe use SEQ_2_SEQ_LM.");
        }
    }

    /** The linear layers of the base under this head. */
    List<TargetLayer> sites(BaseModel base) {
        return task.hasStreamHead() ? base.sites() : base.sites(module);
    }

    /** The base under this head as a method sees it: a model with a head has a prefix. */
    AttachedModel model(BaseModel base) {
        return task.hasStreamHead() ? base.attached() : base.attached(task.peftType());
    }

    /** Where PEFT has no task, adapters keep what they say. */
    private AttachedModel model(BaseModel base, PeftConfig method) {
        return task.methodType() != task.peftType() && method.taskType() == task.methodType()
                ? base.attached(task.methodType())
                : model(base);
    }

    String description() {
        return task.name() + " " + task.cloze().map(Cloze::toString).orElse(labels.toString());
    }

    void initialize(float[] row, RowLayout rowLayout, long seed) {
        for (TensorLayout.Slot slot : rowLayout.tensors().slots()) {
            rowLayout.headTensor(slot).ifPresent(tensor -> initialize(row, tensor, slot, seed));
        }
    }

    private void initialize(float[] row, HeadTensor tensor, TensorLayout.Slot slot, long seed) {
        float[] known = values.get(tensor.name());
        if (known != null) {
            System.arraycopy(known, 0, row, slot.offset(), known.length);
        } else if (!task.hasStreamHead() && slot.columns() > 0) {
            long stream = Seeds.derive(seed, tensor.name());
            for (int i = 0; i < slot.size(); i++) {
                row[slot.offset() + i] = DEVIATION * Seeds.gaussian(stream, i);
            }
        }
    }
}
