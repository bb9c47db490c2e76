package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.model.UnknownTokenException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * One label a text, by the words that fit into the gap of a template; the outputs are the labels'
 * scores.
 *
 * @param cloze the template and the words
 * @param tokens of the words, label by label
 * @param owners the label of each token
 */
record ClozeTask(Cloze cloze, long[] tokens, long[] owners) implements Task {

    /**
     * The task on a base.
     *
     * @throws IllegalArgumentException if a word is not one token of it
     */
    static ClozeTask of(Cloze cloze, BaseModel base) {
        LongStream.Builder tokens = LongStream.builder();
        LongStream.Builder owners = LongStream.builder();
        List<String> labels = cloze.labels();
        for (int i = 0; i < labels.size(); i++) {
            for (String word : cloze.verbaliser().get(labels.get(i))) {
                tokens.add(token(word, base));
                owners.add(i);
            }
        }
        return new ClozeTask(cloze, tokens.build().toArray(), owners.build().toArray());
    }

    /** The token of a word after a space. */
    private static long token(String word, BaseModel base) {
        Tokens tokens = base.tokenizer().encodeContinuation(" " + word, Integer.MAX_VALUE);
        int rows = base.directory().config().vocabularySize();
        long[] ids = UnknownTokenException.refuse(tokens, rows).ids();
        if (ids.length != 1) {
            throw new IllegalArgumentException(
                    "verbaliser has word ("
                            + word
                            + ") of "
                            + ids.length
                            + " tokens, must have words of one. Maybe use a shorter word.");
        }
        return ids[0];
    }

    @Override
    public void check(PeftConfig method, Attachment attachment) {
        int places = cloze.virtualTokens();
        if (places > 0 && places != attachment.promptTokens()) {
            throw new IllegalArgumentException(
                    "template ("
                            + cloze.template()
                            + ") has places for "
                            + places
                            + " virtual tokens, peft_type ("
                            + method.peftType()
                            + ") has "
                            + attachment.promptTokens()
                            + " to place, must have as many. Maybe use PROMPT_TUNING or P_TUNING.");
        }
    }

    @Override
    public void check(Encoder encoder) {
        encoder.cloze(cloze, "", "");
    }

    @Override
    public List<String> labels(Example example) {
        return example.label() == null ? List.of() : List.of(example.label());
    }

    @Override
    public Question question(Example example, List<String> labels, Encoder encoder) {
        ClozeText text = encoder.cloze(cloze, example.text(), example.textPair());
        long label = example.label() == null ? Question.NONE : labels.indexOf(example.label());
        return text.mask() < 0
                ? new Question(text.tokens(), new int[0], new long[0])
                : new Question(text.tokens(), new int[] {text.mask()}, new long[] {label});
    }

    @Override
    public long[] rightAnswers(List<Question> questions) {
        long[] right = Task.super.rightAnswers(questions);
        return Stream.of(right, tokens, owners).flatMapToLong(Arrays::stream).toArray();
    }

    @Override
    public int columns(int labels) {
        return labels;
    }

    @Override
    public Answer answer(Question question, float[][] outputs, List<String> known) {
        return outputs.length == 0
                ? new Answer(null, 0, Double.NaN)
                : new ClassificationTask(false).answer(question, outputs, known);
    }
}
