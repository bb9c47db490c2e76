package io.flinkpeft.task;

import io.flinkpeft.evaluation.AnswerEvaluation;
import io.flinkpeft.evaluation.AnswerMatch;
import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.Passage;
import io.flinkpeft.model.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Extractive question answering, by the checkpoint's own head: the answer is a part of the second
 * text. The outputs are logits of each token as the first and as the last one of the answer; the
 * loss is the mean of both cross entropies over all tokens of question and text, as in transformers
 * without padding.
 *
 * <p>An example has the question as text, what it is asked of as second text and the answer as
 * target. Where that stands more than once, its label says at which character, from 0, the answer
 * starts; else the first place is meant. An answer that was cut off is not learned.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al., BERT, 2018, section 4.2</a>
 */
public record QuestionAnsweringTask() implements Task {

    /** The meaning of the logits. */
    private static final List<String> LABELS = List.of("start", "end");

    private static final int START = 1;
    private static final int END = 2;

    @Override
    public String name() {
        return "QUESTION_ANSWERING";
    }

    @Override
    public String verb() {
        return "answer";
    }

    @Override
    public TaskType peftType() {
        return TaskType.QUESTION_ANS;
    }

    @Override
    public boolean isOwnOf(ModelDirectory model) {
        return model.isOf("ForQuestionAnswering");
    }

    @Override
    public List<String> programs() {
        return List.of("token_classification", "span_loss");
    }

    @Override
    public Optional<List<String>> fixedLabels() {
        return Optional.of(LABELS);
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
        if (content.textPair() == null) {
            return Optional.of(
                    "Question ("
                            + content.text()
                            + ") has no text_pair, must have one with the answer.");
        }
        if (content.target() == null || place(content).isPresent()) {
            return Optional.empty();
        }
        String where = content.label() == null ? "" : " at character (" + content.label() + ")";
        return Optional.of(
                "Answer (" + content.target() + ") must stand in text_pair" + where + ".");
    }

    private static String context(ExampleContent content) {
        return content.textPair() == null ? "" : content.textPair();
    }

    /** Where the answer is; empty if it is not there. */
    private static Optional<Passage.Span> place(ExampleContent content) {
        String context = context(content);
        String answer = content.target();
        int start =
                content.label() == null ? context.indexOf(answer) : index(context, content.label());
        if (answer.isBlank() || start < 0 || !context.startsWith(answer, start)) {
            return Optional.empty();
        }
        int first = context.codePointCount(0, start);
        int length = answer.codePointCount(0, answer.length());
        return Optional.of(new Passage.Span(first, first + length));
    }

    /** The index of a character that is counted in code points; -1 if there is none. */
    private static int index(String context, String character) {
        try {
            return context.offsetByCodePoints(0, Integer.parseInt(character));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return -1;
        }
    }

    @Override
    public ExampleContent good(List<String> labels) {
        return new ExampleContent(GOOD_TEXT, GOOD_TEXT, null, GOOD_TEXT);
    }

    @Override
    public String reference(ExampleContent content) {
        return content.target();
    }

    @Override
    public ModelInput encode(ExampleContent content, List<String> labels, TextEncoder encoder) {
        Passage passage = encoder.passage(content.text(), context(content));
        int[] positions = new int[passage.tokens().length()];
        Arrays.setAll(positions, i -> i);
        long[] marks = new long[positions.length];
        Optional<Passage.Span> place = content.target() == null ? Optional.empty() : place(content);
        if (place.isPresent() && passage.covers(place.get())) {
            marks[passage.first() + passage.firstIn(place.get())] += START;
            marks[passage.first() + passage.lastIn(place.get())] += END;
        } else {
            Arrays.fill(marks, ModelInput.NONE);
        }
        Tokens tokens = passage.tokens();
        return new ModelInput(tokens, encoder.echo(tokens), passage, positions, marks, null);
    }

    @Override
    public Targets targets(List<ModelInput> inputs) {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            for (long mark : inputs.get(i).targets()) {
                numbers.add(4L * i + Math.max(mark, 0));
            }
        }
        return new Targets.Classes(numbers.stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    public float[] weights(List<ModelInput> inputs) {
        long answered = inputs.stream().filter(input -> input.known() > 0).count();
        float[] weights = new float[inputs.stream().mapToInt(ModelInput::outputs).sum()];
        int from = 0;
        for (ModelInput input : inputs) {
            int to = from + input.outputs();
            Arrays.fill(weights, from, to, input.known() > 0 ? 0.5f / answered : 0);
            from = to;
        }
        return weights;
    }

    @Override
    public AnswerSpan decode(ModelInput input, float[][] outputs, List<String> known) {
        return AnswerSpan.best(input.passage(), outputs);
    }

    @Override
    public double loss(ModelInput input, float[][] outputs) {
        if (input.known() == 0) {
            return Double.NaN;
        }
        float[] starts = AnswerSpan.column(outputs, 0, 0, outputs.length);
        float[] ends = AnswerSpan.column(outputs, 1, 0, outputs.length);
        double loss = 0;
        for (int i = 0; i < input.outputs(); i++) {
            long mark = input.targets()[i];
            loss -= mark % 2 == 0 ? 0 : Softmax.logProbability(starts, i);
            loss -= mark < END ? 0 : Softmax.logProbability(ends, i);
        }
        return loss / LABELS.size();
    }

    /** As SQuAD measures it. */
    @Override
    public boolean correct(String predicted, String reference) {
        return predicted != null && AnswerMatch.exact(predicted, reference);
    }

    @Override
    public Evaluation evaluation() {
        return new AnswerEvaluation();
    }

    @Override
    public List<AnswerColumn> columns() {
        return AnswerSpan.COLUMNS;
    }
}
