package io.flinkpeft.train;

import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.safetensors.TensorView;
import java.util.List;

/**
 * Where logits come from, on a given base.
 *
 * @param kind the head
 * @param labels the fixed labels in the order of their logits; empty if labels may appear
 * @param weight the head's first weight [labels, features], flat; null starts at zero
 * @param bias the head's first bias; null starts at zero
 */
record Head(HeadKind kind, List<String> labels, float[] weight, float[] bias) {

    static final String CLASSIFIER_WEIGHT = "classifier.weight";

    /**
     * A head.
     *
     * @param labels of a stream, if they are fixed; of a model, if it has no head of its own
     */
    static Head of(HeadKind kind, BaseModel base, List<String> labels) {
        return switch (kind) {
            case STREAM -> stream(labels);
            case MODEL ->
                    labels.isEmpty() || base.extra(CLASSIFIER_WEIGHT).isPresent()
                            ? ofModel(base)
                            : onPooler(base, labels);
            case CAUSAL_LM -> causalLm(base);
        };
    }

    /** A head that starts at zero, where the checkpoint has none. */
    private static Head onPooler(BaseModel base, List<String> labels) {
        requirePooler(base);
        return new Head(HeadKind.MODEL, labels, null, null);
    }

    private static Head causalLm(BaseModel base) {
        if (!base.hasVocabulary()) {
            throw new IllegalArgumentException(
                    "Model "
                            + base.directory().path()
                            + " has no lm_head, a causal language model must have one. Maybe use"
                            + " its ForCausalLM checkpoint.");
        }
        return new Head(HeadKind.CAUSAL_LM, List.of(), null, null);
    }

    static Head stream(List<String> labels) {
        return new Head(HeadKind.STREAM, labels, null, null);
    }

    static Head ofModel(BaseModel base) {
        requirePooler(base);
        List<String> labels = base.directory().config().labels();
        float[] weight = values(base, CLASSIFIER_WEIGHT, labels.size() * base.hiddenSize());
        float[] bias = values(base, "classifier.bias", labels.size());
        return new Head(HeadKind.MODEL, labels, weight, bias);
    }

    private static void requirePooler(BaseModel base) {
        if (!base.hasPooler()) {
            throw new IllegalArgumentException(
                    "Model "
                            + base.directory().path()
                            + " has no pooler.dense, head.kind (MODEL) must have it. Maybe use"
                            + " STREAM.");
        }
    }

    private static float[] values(BaseModel base, String name, int size) {
        TensorView view =
                base.extra(name)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "Model "
                                                        + base.directory().path()
                                                        + " has no tensor "
                                                        + name
                                                        + ", head.kind (MODEL) must have it. Maybe"
                                                        + " use STREAM."));
        float[] values = view.toFloats();
        if (values.length != size) {
            throw new IllegalArgumentException(
                    "Model "
                            + base.directory().path()
                            + " has "
                            + values.length
                            + " values in "
                            + name
                            + ", must have "
                            + size
                            + " for its labels.");
        }
        return values;
    }

    /** How a method sees the base under this head: a model with a head has a prefix. */
    Attachment attach(PeftConfig method, BaseModel base) {
        return switch (kind) {
            case STREAM ->
                    method.attach(
                            base.sites(false), base.attached("", TaskType.FEATURE_EXTRACTION));
            case MODEL ->
                    method.attach(
                            base.sites(true), base.attached(base.modulePrefix(), TaskType.SEQ_CLS));
            case CAUSAL_LM ->
                    method.attach(
                            base.sites(false),
                            base.attached(base.modulePrefix(), TaskType.CAUSAL_LM));
        };
    }

    /** What a trained head reads of a text; 0 if there is none. */
    int features(BaseModel base) {
        return kind == HeadKind.CAUSAL_LM ? 0 : base.hiddenSize();
    }

    String description() {
        return kind + " " + labels;
    }

    void initialise(float[] row, Bank bank) {
        if (weight != null) {
            System.arraycopy(weight, 0, row, bank.headOffset(), weight.length);
            System.arraycopy(bias, 0, row, bank.headOffset() + weight.length, bias.length);
        }
    }
}
