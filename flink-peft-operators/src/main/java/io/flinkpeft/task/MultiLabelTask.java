package io.flinkpeft.task;

import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.evaluation.MultiLabelEvaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ProblemType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Any number of labels for a text, each by itself, by the checkpoint's own classifier: {@code
 * problem_type} {@code multi_label_classification} of transformers.
 *
 * <pre>{@code
 * loss = mean over texts and labels of -log sigmoid(logit)  where the text has the label
 *                                      -log sigmoid(-logit) where it has not
 * }</pre>
 *
 * <p>An example has its labels a line each, perhaps none.
 */
public record MultiLabelTask() implements Task {

    @Override
    public String name() {
        return "MULTI_LABEL";
    }

    @Override
    public String verb() {
        return "multi-label";
    }

    @Override
    public TaskType peftType() {
        return TaskType.SEQ_CLS;
    }

    @Override
    public boolean isOwnOf(ModelDirectory model) {
        return model.problemType().equals(Optional.of(ProblemType.MULTI_LABEL_CLASSIFICATION));
    }

    @Override
    public void check(ModelDirectory model, String use) {
        model.requireProblemType(ProblemType.MULTI_LABEL_CLASSIFICATION, use);
    }

    @Override
    public List<String> programs() {
        return List.of("classification", "binary_cross_entropy");
    }

    @Override
    public int leastLabels() {
        return 1;
    }

    @Override
    public boolean learnsFrom(ExampleContent content) {
        return content.label() != null;
    }

    @Override
    public String taughtBy() {
        return "labels";
    }

    @Override
    public Optional<String> refusal(ExampleContent content, List<String> labels) {
        List<String> own = labels(content);
        return Set.copyOf(own).size() == own.size()
                ? Optional.empty()
                : Optional.of("Labels " + own + " must be different.");
    }

    @Override
    public List<String> labels(ExampleContent content) {
        return content.label() == null ? List.of() : content.label().lines().toList();
    }

    @Override
    public ExampleContent good(List<String> labels) {
        return ExampleContent.labelled(GOOD_TEXT, labels.get(0));
    }

    @Override
    public ModelInput encode(ExampleContent content, List<String> labels, TextEncoder encoder) {
        return Classes.encode(content.text(), content.textPair(), new long[1], encoder)
                .about(marks(content, labels), labels.size());
    }

    /** 1 for each label that an example has, 0 for the others; empty if it says nothing of them. */
    private Optional<float[]> marks(ExampleContent content, List<String> labels) {
        if (content.label() == null) {
            return Optional.empty();
        }
        List<String> own = labels(content);
        float[] marks = new float[labels.size()];
        for (int i = 0; i < marks.length; i++) {
            marks[i] = own.contains(labels.get(i)) ? 1 : 0;
        }
        return Optional.of(marks);
    }

    @Override
    public Targets targets(List<ModelInput> inputs) {
        return Targets.numbers(inputs);
    }

    @Override
    public Labels decode(ModelInput input, float[][] outputs, List<String> known) {
        return new Labels(known, outputs[0], input.truncated());
    }

    /** The mean of the binary cross entropies of the text's labels, nats. */
    @Override
    public double loss(ModelInput input, float[][] outputs) {
        if (input.known() == 0) {
            return Double.NaN;
        }
        double sum = 0;
        for (int i = 0; i < input.numbers().length; i++) {
            double logit = outputs[0][i];
            double other = input.numbers()[i] == 1 ? -logit : logit; // of the wrong answer
            sum += Math.max(other, 0) + Math.log1p(Math.exp(-Math.abs(other)));
        }
        return sum / input.numbers().length;
    }

    /** All of its labels and no other, in any order. */
    @Override
    public boolean correct(String predicted, String reference) {
        return predicted != null
                && Set.copyOf(predicted.lines().toList())
                        .equals(Set.copyOf(reference.lines().toList()));
    }

    @Override
    public Evaluation evaluation() {
        return new MultiLabelEvaluation();
    }

    @Override
    public List<AnswerColumn> columns() {
        return Labels.COLUMNS;
    }
}
