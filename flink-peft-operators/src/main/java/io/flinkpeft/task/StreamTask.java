package io.flinkpeft.task;

import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.evaluation.LabelEvaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.model.ModelHead.Read;
import io.flinkpeft.model.Pooling;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One label for a text, by a head for streams: the base's own pooling, normalized features, a
 * linear layer that starts at zero, has its own learning rate and grows with new labels.
 */
public record StreamTask() implements Task {

    /** The value of {@code head.kind}. */
    public static final String NAME = "STREAM";

    /** The word for tasks that give a text one label. */
    public static final String VERB = Classes.VERB;

    /** What its tensors are called. */
    private static final String MODULE = "head";

    /** The name of {@code [labels, features]}. */
    public static final String WEIGHT = MODULE + ".weight";

    /** The name of {@code [labels]}. */
    public static final String BIAS = MODULE + ".bias";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String verb() {
        return Classes.VERB;
    }

    @Override
    public TaskType peftType() {
        return TaskType.FEATURE_EXTRACTION;
    }

    @Override
    public boolean hasStreamHead() {
        return true;
    }

    @Override
    public boolean predictsOneLabel() {
        return true;
    }

    /** A checkpoint has no such head. */
    @Override
    public boolean isOwnOf(ModelDirectory model) {
        return false;
    }

    @Override
    public List<String> programs() {
        return Classes.PROGRAMS;
    }

    @Override
    public ModelHead head(BaseModel base) {
        return head(base, "stream_head", "linear_scores");
    }

    /**
     * The head with other texts for features and scores.
     *
     * @param texts for features, then, unless that text has them too, for scores
     */
    static ModelHead head(BaseModel base, String... texts) {
        if (base.encodesAndDecodes()) {
            throw new IllegalArgumentException(
                    "head.kind (STREAM) must not be used with model_type ("
                            + base.directory().config().modelType()
                            + "), an encoder-decoder. Maybe use SEQ_2_SEQ_LM.");
        }
        List<String> pooled =
                Stream.concat(Stream.of(base.pooling().kernel()), Stream.of(texts)).toList();
        Read[] reads = base.pooling() == Pooling.LAST ? new Read[] {Read.LAST_TOKEN} : new Read[0];
        return ModelHead.linear(pooled, MODULE, base.hiddenSize(), reads).with(Classes.PROGRAMS);
    }

    /** Labels may appear where none are given. */
    @Override
    public List<String> labels(ModelDirectory model, List<String> given) {
        return given;
    }

    @Override
    public boolean learnsFrom(ExampleContent content) {
        return content.label() != null;
    }

    @Override
    public String taughtBy() {
        return "label";
    }

    @Override
    public Optional<String> refusal(ExampleContent content, List<String> labels) {
        return Classes.refusal(content);
    }

    @Override
    public List<String> labels(ExampleContent content) {
        return Classes.labels(content);
    }

    @Override
    public ExampleContent good(List<String> labels) {
        return Classes.good(labels);
    }

    @Override
    public ModelInput encode(ExampleContent content, List<String> labels, TextEncoder encoder) {
        long[] target = {Classes.target(content, labels)};
        return Classes.encode(content.text(), content.textPair(), target, encoder);
    }

    @Override
    public Label decode(ModelInput input, float[][] outputs, List<String> known) {
        return Classes.decode(input, outputs, known, Scoring.SOFTMAX);
    }

    @Override
    public double loss(ModelInput input, float[][] outputs) {
        return Classes.loss(input, outputs);
    }

    @Override
    public Evaluation evaluation() {
        return new LabelEvaluation();
    }

    @Override
    public List<AnswerColumn> columns() {
        return Label.COLUMNS;
    }
}
