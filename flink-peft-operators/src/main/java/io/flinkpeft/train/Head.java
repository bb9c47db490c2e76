package io.flinkpeft.train;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.Site;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.prefix.PrefixScope;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.HeadTensor;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.safetensors.TensorView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where logits come from, on a given base.
 *
 * @param kind the head
 * @param task its program texts and tensors
 * @param labels the fixed labels in the order of their logits; empty if labels may appear
 * @param values the first values of its tensors, by name; of one that is missing a stream's starts
 *     at zero and a model's as in transformers, weights normal and biases zero
 * @param asked what is asked about a text
 */
record Head(
        HeadKind kind,
        ModelHead task,
        List<String> labels,
        Map<String, float[]> values,
        Task asked) {

    private Head(HeadKind kind, ModelHead task, List<String> labels, Map<String, float[]> values) {
        this(kind, task, labels, values, kind.asked(task));
    }

    /** The standard deviation of weights in transformers. */
    private static final float DEVIATION = 0.02f;

    /**
     * A head.
     *
     * @param labels of a stream, if they are fixed; of a model, if it has no head of its own
     */
    static Head of(HeadKind kind, BaseModel base, List<String> labels) {
        return of(kind, base, labels, null);
    }

    /**
     * A head.
     *
     * @param labels of a stream, if they are fixed; of a model, if it has no head of its own
     * @param cloze null for other kinds
     */
    static Head of(HeadKind kind, BaseModel base, List<String> labels, Cloze cloze) {
        return switch (kind) {
            case STREAM -> stream(base, labels);
            case MODEL, TOKENS ->
                    labels.isEmpty() || AdapterDirectory.hasHead(base.directory(), kind)
                            ? ofModel(kind, base, base.directory().config().labels())
                            : fresh(kind, base, labels);
            case SPANS ->
                    AdapterDirectory.hasHead(base.directory(), kind)
                            ? ofModel(kind, base, SpanTask.LABELS)
                            : fresh(kind, base, SpanTask.LABELS);
            case CLOZE -> cloze(base, cloze);
            case CAUSAL_LM, SEQ_2_SEQ_LM -> languageModel(kind, base);
        };
    }

    private static Head cloze(BaseModel base, Cloze cloze) {
        if (cloze == null) {
            throw new IllegalArgumentException(
                    "head.kind (CLOZE) must have a template and words. Maybe set head.cloze.");
        }
        if (!base.hasMaskedLm() || cloze.hasMask() && base.tokenizer().maskId() < 0) {
            throw refused(
                    base,
                    "has no head for words at a mask, head.kind (CLOZE) must have it. Maybe use the"
                            + " ForMaskedLM checkpoint.");
        }
        return new Head(
                HeadKind.CLOZE,
                taskHead(HeadKind.CLOZE, base),
                cloze.labels(),
                Map.of(),
                ClozeTask.of(cloze, base));
    }

    private static Head languageModel(HeadKind kind, BaseModel base) {
        ModelHead task = taskHead(kind, base);
        if (!base.hasVocabulary()) {
            throw refused(
                    base,
                    "has no lm_head, head.kind ("
                            + kind
                            + ") must have it. Maybe use the checkpoint with that head.");
        }
        return new Head(kind, task, List.of(), Map.of());
    }

    /** A head of its own, where the checkpoint has none. */
    private static Head fresh(HeadKind kind, BaseModel base, List<String> labels) {
        return new Head(kind, taskHead(kind, base), labels, Map.of());
    }

    static Head stream(BaseModel base, List<String> labels) {
        if (base.encodesAndDecodes()) {
            throw new IllegalArgumentException(
                    "head.kind (STREAM) must not be used with model_type ("
                            + base.directory().config().modelType()
                            + "), an encoder-decoder. Maybe use SEQ_2_SEQ_LM.");
        }
        String pooling = base.pooling().kernel();
        var texts =
                List.of("stream_head", pooling, "linear_scores", "classification", "cross_entropy");
        ModelHead task = ModelHead.linear(texts, Bank.STREAM_HEAD, base.hiddenSize(), false);
        return new Head(HeadKind.STREAM, task, labels, Map.of());
    }

    private static Head ofModel(HeadKind kind, BaseModel base, List<String> labels) {
        ModelHead task = taskHead(kind, base);
        Map<String, float[]> values = new LinkedHashMap<>();
        for (HeadTensor tensor : task.tensors()) {
            values.put(tensor.name(), values(base, kind, tensor, labels.size()));
        }
        return new Head(kind, task, labels, values);
    }

    private static ModelHead taskHead(HeadKind kind, BaseModel base) {
        ModelHead task =
                base.directory()
                        .head(kind.task())
                        .orElseThrow(
                                () ->
                                        refused(
                                                base,
                                                "is of a family without a head for "
                                                        + kind.task()
                                                        + ", head.kind ("
                                                        + kind
                                                        + ") must have it. Maybe use "
                                                        + otherwise(base)
                                                        + "."));
        if (task.pooler() && !base.hasPooler()) {
            throw refused(
                    base,
                    "has no pooler.dense, head.kind ("
                            + kind
                            + ") must have it. Maybe use STREAM.");
        }
        return task;
    }

    private static IllegalArgumentException refused(BaseModel base, String why) {
        return new IllegalArgumentException("Model " + base.directory().path() + " " + why);
    }

    private static HeadKind otherwise(BaseModel base) {
        return base.encodesAndDecodes() ? HeadKind.SEQ_2_SEQ_LM : HeadKind.STREAM;
    }

    private static float[] values(BaseModel base, HeadKind kind, HeadTensor tensor, int labels) {
        TensorView view =
                base.extra(tensor.name())
                        .orElseThrow(
                                () ->
                                        refused(
                                                base,
                                                "has no tensor "
                                                        + tensor.name()
                                                        + ", head.kind ("
                                                        + kind
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
    Attachment attach(PeftConfig method, BaseModel base) {
        Attachment attachment = method.attach(sites(base), model(base, method));
        checkReads(method, attachment, base);
        attachment.frozen().forEach(base::frozen);
        asked.check(method, attachment);
        return attachment;
    }

    /** The same for what predicts. */
    Attachment attachServing(PeftConfig method, BaseModel base) {
        Attachment attachment = method.attachServing(sites(base), model(base, method));
        checkReads(method, attachment, base);
        attachment.frozen().forEach(base::frozen);
        asked.check(method, attachment);
        return attachment;
    }

    /** Where a decoder reads the text again, PEFT has no place for tokens of a method. */
    private void checkReads(PeftConfig method, Attachment attachment, BaseModel base) {
        checkPrefixes(method, base);
        if (attachment.virtualTokens() > 0
                && base.encodesAndDecodes()
                && kind != HeadKind.SEQ_2_SEQ_LM) {
            throw new IllegalArgumentException(
                    "peft_type ("
                            + method.peftType()
                            + ") must not be used with head.kind ("
                            + kind
                            + ") and model_type ("
                            + base.directory().config().modelType()
                            + "), whose decoder reads the text itself. Maybe use SEQ_2_SEQ_LM.");
        }
    }

    /** PEFT's prefixes where PEFT has them; at every attention where it has none, or fewer. */
    private static void checkPrefixes(PeftConfig method, BaseModel base) {
        if (method instanceof PrefixTuningConfig prefix) {
            boolean every = prefix.scope() == PrefixScope.EVERY_ATTENTION;
            if (every && base.takesPrefixes() && !base.encodesAndDecodes()) {
                throw wrongPrefix(method, base, "on which that of PEFT is the same", "PREFIX");
            }
            if (!every && !base.takesPrefixes()) {
                throw wrongPrefix(
                        method, base, "for which PEFT has none", "EVERY_ATTENTION_PREFIX");
            }
        }
    }

    private static IllegalArgumentException wrongPrefix(
            PeftConfig method, BaseModel base, String why, String other) {
        return new IllegalArgumentException(
                "peft_type ("
                        + method.peftType()
                        + ") must not be used with model_type ("
                        + base.directory().config().modelType()
                        + "), "
                        + why
                        + ". Maybe use "
                        + other
                        + "_TUNING.");
    }

    /** The linear layers of the base under this head. */
    List<Site> sites(BaseModel base) {
        return kind == HeadKind.STREAM ? base.sites() : base.sites(task);
    }

    /** The base under this head as a method sees it: a model with a head has a prefix. */
    AttachedModel model(BaseModel base) {
        return kind == HeadKind.STREAM ? base.attached() : base.attached(kind.task());
    }

    /** PEFT has no task for a cloze: its adapters keep what they say. */
    private AttachedModel model(BaseModel base, PeftConfig method) {
        return kind == HeadKind.CLOZE && method.taskType() == TaskType.FEATURE_EXTRACTION
                ? base.attached(TaskType.FEATURE_EXTRACTION)
                : model(base);
    }

    /** The template and the words, if it has them. */
    Optional<Cloze> cloze() {
        return asked instanceof ClozeTask task ? Optional.of(task.cloze()) : Optional.empty();
    }

    String description() {
        return kind + " " + cloze().map(Cloze::toString).orElse(labels.toString());
    }

    void initialise(float[] row, Bank bank, long seed) {
        for (TensorLayout.Slot slot : bank.layout().slots()) {
            bank.headTensor(slot).ifPresent(tensor -> initialise(row, tensor, slot, seed));
        }
    }

    private void initialise(float[] row, HeadTensor tensor, TensorLayout.Slot slot, long seed) {
        float[] known = values.get(tensor.name());
        if (known != null) {
            System.arraycopy(known, 0, row, slot.offset(), known.length);
        } else if (kind != HeadKind.STREAM && slot.columns() > 0) {
            long stream = Seeds.derive(seed, tensor.name());
            for (int i = 0; i < slot.size(); i++) {
                row[slot.offset() + i] = DEVIATION * Seeds.gaussian(stream, i);
            }
        }
    }
}
