package io.flinkpeft.task;

import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.evaluation.WordEvaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One label for each word, by the checkpoint's own head; an example has the labels in one text,
 * with spaces between them. A word is predicted at its first token, as in transformers' examples;
 * the outputs are logits.
 */
public record TokenClassificationTask() implements Task {

    @Override
    public String name() {
        return "TOKEN_CLASSIFICATION";
    }

    @Override
    public String verb() {
        return "tag";
    }

    @Override
    public TaskType peftType() {
        return TaskType.TOKEN_CLS;
    }

    @Override
    public boolean isOwnOf(ModelDirectory model) {
        return model.isOf("ForTokenClassification");
    }

    @Override
    public List<String> programs() {
        return List.of("token_classification", "cross_entropy");
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
    public Optional<String> refusal(ExampleContent content, List<String> known) {
        int words = Words.split(content.text()).size();
        int labels = labels(content).size();
        return content.label() == null || labels == words
                ? Optional.empty()
                : Optional.of(
                        "Label ("
                                + content.label()
                                + ") has "
                                + labels
                                + " words, must have one for each of the text's "
                                + words
                                + ".");
    }

    @Override
    public List<String> labels(ExampleContent content) {
        return content.label() == null ? List.of() : Words.split(content.label());
    }

    @Override
    public ExampleContent good(List<String> labels) {
        return Classes.good(labels);
    }

    @Override
    public ModelInput encode(ExampleContent content, List<String> labels, TextEncoder encoder) {
        Words words = encoder.words(content.text());
        List<String> own = labels(content);
        int[] answering =
                IntStream.range(0, words.firsts().length)
                        .filter(word -> words.firsts()[word] != Words.NO_TOKEN)
                        .toArray();
        int[] places = Arrays.stream(answering).map(word -> words.firsts()[word]).toArray();
        long[] targets = new long[places.length];
        for (int i = 0; i < targets.length; i++) {
            targets[i] =
                    own.isEmpty()
                            ? ModelInput.NONE
                            : labels.indexOf(own.get(words.skipped() + answering[i]));
        }
        return new ModelInput(words.tokens(), null, null, places, targets, words);
    }

    /** The labels of all words; none for a word without a token. */
    @Override
    public WordLabels decode(ModelInput input, float[][] outputs, List<String> known) {
        List<Label> words = new ArrayList<>();
        int output = 0;
        for (int first : input.words().firsts()) {
            float[] logits = first == Words.NO_TOKEN ? new float[0] : outputs[output++];
            words.add(word(logits, known, input.truncated()));
        }
        return new WordLabels(words, input.words().skipped(), input.truncated());
    }

    private static Label word(float[] logits, List<String> known, boolean truncated) {
        return logits.length == 0
                ? Label.none(known, Scoring.SOFTMAX, truncated)
                : Label.of(known, Arrays.copyOf(logits, known.size()), Scoring.SOFTMAX, truncated);
    }

    @Override
    public double loss(ModelInput input, float[][] outputs) {
        double sum = 0;
        for (int i = 0; i < outputs.length; i++) {
            if (input.targets()[i] != ModelInput.NONE) {
                sum -= Softmax.logProbability(outputs[i], Math.toIntExact(input.targets()[i]));
            }
        }
        return input.known() == 0 ? Double.NaN : sum / input.known();
    }

    @Override
    public Evaluation evaluation() {
        return new WordEvaluation();
    }

    @Override
    public List<AnswerColumn> columns() {
        return WordLabels.COLUMNS;
    }
}
