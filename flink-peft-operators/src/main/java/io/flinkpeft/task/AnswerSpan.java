package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.model.Passage;
import io.flinkpeft.task.AnswerColumn.Type;
import java.io.IOException;
import java.util.List;

/**
 * An answer that is a part of a text: of the spans of at most {@value #MAX_TOKENS} tokens whose end
 * is not before their start, the one with the largest sum of both logits.
 *
 * <p>As JSON: {@code {"answer", "answer_start", "answer_end", "score", "start_logits": [...],
 * "end_logits": [...]}}; characters count from 0, the end is after the last one.
 *
 * @param text the answer; null if the text has no token
 * @param start its first character in the text, counted in Unicode code points from 0
 * @param end the character behind its last
 * @param score the probability of its start times that of its end, each among the text's tokens
 * @param startLogits of every token of question and text as the first of the answer
 * @param endLogits the same as the last
 * @param truncated whether question and text were longer than the limit
 */
public record AnswerSpan(
        String text,
        int start,
        int end,
        double score,
        float[] startLogits,
        float[] endLogits,
        boolean truncated)
        implements Prediction {

    static final List<AnswerColumn> COLUMNS =
            List.of(
                    AnswerColumn.of("answer", Type.STRING, AnswerSpan.class, AnswerSpan::text),
                    AnswerColumn.of("answer_start", Type.INT, AnswerSpan.class, AnswerSpan::start),
                    AnswerColumn.of("answer_end", Type.INT, AnswerSpan.class, AnswerSpan::end),
                    AnswerColumn.of("score", Type.DOUBLE, AnswerSpan.class, AnswerSpan::score));

    /** The longest answer in tokens, as in transformers' examples. */
    public static final int MAX_TOKENS = 30;

    /**
     * The best answer.
     *
     * @param outputs both logits of each token
     */
    static AnswerSpan best(Passage passage, float[][] outputs) {
        boolean truncated = passage.tokens().truncated();
        float[] starts = column(outputs, 0, 0, outputs.length);
        float[] ends = column(outputs, 1, 0, outputs.length);
        int first = passage.first();
        int tokens = passage.spans().size();
        int from = -1;
        int to = -1;
        for (int i = 0; i < tokens; i++) {
            for (int j = i; j < Math.min(tokens, i + MAX_TOKENS); j++) {
                float sum = starts[first + i] + ends[first + j];
                if (from < 0 || sum > starts[first + from] + ends[first + to]) {
                    from = i;
                    to = j;
                }
            }
        }
        if (from < 0) {
            return new AnswerSpan(null, 0, 0, 0, starts, ends, truncated);
        }
        double score =
                Softmax.logProbability(column(outputs, 0, first, tokens), from)
                        + Softmax.logProbability(column(outputs, 1, first, tokens), to);
        Passage.Span span =
                passage.trimmed(
                        new Passage.Span(
                                passage.spans().get(from).start(), passage.spans().get(to).end()));
        return new AnswerSpan(
                passage.text(span),
                span.start(),
                span.end(),
                Math.exp(score),
                starts,
                ends,
                truncated);
    }

    static float[] column(float[][] outputs, int column, int from, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = outputs[from + i][column];
        }
        return values;
    }

    @Override
    public String predicted() {
        return isFinite() ? text : null;
    }

    @Override
    public boolean isFinite() {
        return Prediction.areFinite(startLogits) && Prediction.areFinite(endLogits);
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
        if (isFinite()) {
            json.writeStringField("answer", text);
            json.writeNumberField("answer_start", start);
            json.writeNumberField("answer_end", end);
            json.writeNumberField("score", score);
        } else {
            for (String field : List.of("answer", "answer_start", "answer_end", "score")) {
                json.writeNullField(field);
            }
        }
        FiniteJson.field("start_logits", startLogits, json);
        FiniteJson.field("end_logits", endLogits, json);
    }
}
