package io.flinkpeft.train;

import io.flinkpeft.evaluation.AnswerMatch;
import io.flinkpeft.event.Example;
import io.flinkpeft.model.Passage;
import io.flinkpeft.model.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Extractive question answering: the answer is a part of the second text. The outputs are logits of
 * each token as the first and as the last one of the answer; the loss is the mean of both cross
 * entropies over all tokens of question and text, as in transformers without padding.
 *
 * <p>An example has the question as text, what it is asked of as second text and the answer as
 * target. Where that stands more than once, its label says at which character, from 0, the answer
 * starts; else the first place is meant. An answer that was cut off is not learned.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al., BERT, 2018, section 4.2</a>
 */
final class SpanTask implements Task {

    /** The meaning of the logits. */
    static final List<String> LABELS = List.of("start", "end");

    private static final int START = 1;
    private static final int END = 2;

    @Override
    public Optional<String> refusal(Example example) {
        if (example.textPair() == null) {
            return Optional.of(
                    "Question ("
                            + example.text()
                            + ") has no text_pair, must have one with the answer.");
        }
        if (example.target() == null || place(example).isPresent()) {
            return Optional.empty();
        }
        String where = example.label() == null ? "" : " at character (" + example.label() + ")";
        return Optional.of(
                "Answer (" + example.target() + ") must stand in text_pair" + where + ".");
    }

    private static String context(Example example) {
        return example.textPair() == null ? "" : example.textPair();
    }

    /** Where the answer is; empty if it is not there. */
    private static Optional<Passage.Span> place(Example example) {
        String context = context(example);
        String answer = example.target();
        int start =
                example.label() == null ? context.indexOf(answer) : index(context, example.label());
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
    public Example good(List<String> labels) {
        return new Example("trial", GOOD_TEXT, GOOD_TEXT, null, GOOD_TEXT, 0, null, -1, -1);
    }

    @Override
    public List<String> labels(Example example) {
        return List.of();
    }

    @Override
    public Question question(Example example, List<String> labels, Encoder encoder) {
        Passage passage = encoder.passage(example.text(), context(example));
        int[] places = new int[passage.tokens().length()];
        Arrays.setAll(places, i -> i);
        long[] marks = new long[places.length];
        Optional<Passage.Span> place = example.target() == null ? Optional.empty() : place(example);
        if (place.isPresent() && passage.covers(place.get())) {
            marks[passage.first() + passage.firstIn(place.get())] += START;
            marks[passage.first() + passage.lastIn(place.get())] += END;
        } else {
            Arrays.fill(marks, Question.NONE);
        }
        Tokens tokens = passage.tokens();
        return new Question(tokens, encoder.echo(tokens), passage, places, marks, 0);
    }

    @Override
    public long[] rightAnswers(List<Question> questions) {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            for (long mark : questions.get(i).labels()) {
                numbers.add(4L * i + Math.max(mark, 0));
            }
        }
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public float[] weights(List<Question> questions) {
        long answered = questions.stream().filter(q -> q.labelled() > 0).count();
        float[] weights = new float[questions.stream().mapToInt(Question::outputs).sum()];
        int from = 0;
        for (Question question : questions) {
            int to = from + question.outputs();
            Arrays.fill(weights, from, to, question.labelled() > 0 ? 0.5f / answered : 0);
            from = to;
        }
        return weights;
    }

    @Override
    public String right(Example example) {
        return example.target();
    }

    @Override
    public boolean correct(String predicted, String right) {
        return predicted != null && AnswerMatch.exact(predicted, right);
    }

    @Override
    public int columns(int labels) {
        return LABELS.size();
    }

    @Override
    public Answer answer(Question question, float[][] outputs, List<String> known) {
        SpanAnswer best = SpanAnswer.best(question.passage(), outputs);
        double loss = loss(question, best);
        return best.isFinite()
                ? new Answer(best.text(), best.score(), loss)
                : new Answer(null, 0, loss);
    }

    private static double loss(Question question, SpanAnswer answer) {
        if (question.labelled() == 0) {
            return Double.NaN;
        }
        double loss = 0;
        for (int i = 0; i < question.outputs(); i++) {
            long mark = question.labels()[i];
            loss -= mark % 2 == 0 ? 0 : Softmax.logProbability(answer.startLogits(), i);
            loss -= mark < END ? 0 : Softmax.logProbability(answer.endLogits(), i);
        }
        return loss / LABELS.size();
    }
}
