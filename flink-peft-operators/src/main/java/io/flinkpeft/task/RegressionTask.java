package io.flinkpeft.task;

import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.evaluation.RegressionEvaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ProblemType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Numbers for a text, by the outputs of a classifier themselves: {@code problem_type} {@code
 * regression} of transformers. The labels of its head are what the numbers are called.
 *
 * <pre>{@code
 * loss = mean over texts and outputs of (output - target)^2
 * }</pre>
 *
 * <p>An example has its numbers as target, with spaces between them if there are several.
 */
public record RegressionTask() implements Task {

    @Override
    public String name() {
        return "REGRESSION";
    }

    @Override
    public String verb() {
        return "regress";
    }

    @Override
    public TaskType peftType() {
        return TaskType.SEQ_CLS;
    }

    @Override
    public boolean isOwnOf(ModelDirectory model) {
        return model.problemType().equals(Optional.of(ProblemType.REGRESSION));
    }

    @Override
    public void check(ModelDirectory model, String use) {
        model.requireProblemType(ProblemType.REGRESSION, use);
    }

    @Override
    public List<String> programs() {
        return List.of("classification", "mean_squared_error");
    }

    @Override
    public int leastLabels() {
        return 1;
    }

    @Override
    public boolean learnsFrom(ExampleContent content) {
        return content.target() != null;
    }

    @Override
    public String taughtBy() {
        return "target";
    }

    @Override
    public Optional<String> refusal(ExampleContent content, List<String> labels) {
        return content.target() == null || numbers(content, labels).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "Target ("
                                + content.target()
                                + ") must be a finite number for each of "
                                + labels
                                + ".");
    }

    /** The numbers of an example; empty if they are not one for each label. */
    private static Optional<float[]> numbers(ExampleContent content, List<String> labels) {
        String[] words = content.target() == null ? new String[0] : content.target().split(" ");
        if (words.length != labels.size()) {
            return Optional.empty();
        }
        float[] numbers = new float[words.length];
        try {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Float.parseFloat(words[i]);
            }
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        return Prediction.areFinite(numbers) ? Optional.of(numbers) : Optional.empty();
    }

    @Override
    public ExampleContent good(List<String> labels) {
        String zeros = labels.stream().map(label -> "0").collect(Collectors.joining(" "));
        return new ExampleContent(GOOD_TEXT, null, null, zeros);
    }

    @Override
    public String reference(ExampleContent content) {
        return content.target();
    }

    @Override
    public ModelInput encode(ExampleContent content, List<String> labels, TextEncoder encoder) {
        return Classes.encode(content.text(), content.textPair(), new long[1], encoder)
                .about(numbers(content, labels), labels.size());
    }

    @Override
    public Targets targets(List<ModelInput> inputs) {
        return Targets.numbers(inputs);
    }

    @Override
    public Numbers decode(ModelInput input, float[][] outputs, List<String> known) {
        return new Numbers(known, outputs[0], input.truncated());
    }

    /** The mean squared error of the text's numbers. */
    @Override
    public double loss(ModelInput input, float[][] outputs) {
        if (input.known() == 0) {
            return Double.NaN;
        }
        double sum = 0;
        for (int i = 0; i < input.numbers().length; i++) {
            double error = (double) outputs[0][i] - input.numbers()[i];
            sum += error * error;
        }
        return sum / input.numbers().length;
    }

    /** A number is near or far, never right. */
    @Override
    public boolean judges() {
        return false;
    }

    @Override
    public Evaluation evaluation() {
        return new RegressionEvaluation();
    }

    @Override
    public List<AnswerColumn> columns() {
        return Numbers.COLUMNS;
    }
}
