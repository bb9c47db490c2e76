package io.flinkpeft.task;

import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.evaluation.LabelEvaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import java.util.List;
import java.util.Optional;

/**
 * One label for a text, by the checkpoint's own classifier and with the labels of its {@code
 * id2label}.
 *
 * @param scoring how logits become scores
 */
public record CheckpointTask(Scoring scoring) implements Task {

    /** The value of {@code head.kind}. */
    public static final String NAME = "CHECKPOINT";

    /** A checkpoint whose labels exclude each other. */
    public CheckpointTask() {
        this(Scoring.SOFTMAX);
    }

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
        return TaskType.SEQ_CLS;
    }

    @Override
    public boolean predictsOneLabel() {
        return true;
    }

    @Override
    public boolean isOwnOf(ModelDirectory model) {
        return model.hasHead(peftType());
    }

    @Override
    public void check(ModelDirectory model, String use) {
        model.requireSingleLabel(use);
    }

    @Override
    public CheckpointTask on(BaseModel base) {
        return new CheckpointTask(
                base.directory().problemType().map(Scoring::of).orElse(Scoring.SOFTMAX));
    }

    @Override
    public List<String> programs() {
        return Classes.PROGRAMS;
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
        return Classes.decode(input, outputs, known, scoring.ofOutputs(known.size()));
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
