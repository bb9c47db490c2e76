package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.task.AnswerColumn.Type;
import java.io.IOException;
import java.util.List;

/**
 * What a language model wrote. As JSON: {@code {"generated", "generated_ids": [...],
 * "finish_reason"}}.
 *
 * @param text without special tokens
 * @param ids the new tokens, the end token among them if it came
 * @param finish why there are no more
 * @param textTruncated whether the text that is continued was longer than the limit
 */
public record GeneratedText(String text, long[] ids, Finish finish, boolean textTruncated)
        implements Prediction {

    /** Why a text goes on no further. */
    public enum Finish {
        /** The model chose an end token. */
        END_TOKEN("end-token"),
        /** It has as many new tokens as were asked for. */
        MAX_NEW_TOKENS("max-new-tokens"),
        /** The model has no position for one more, though more were asked for. */
        POSITIONS("positions"),
        /** There was nothing to continue. */
        NO_TEXT("no-text");

        private final String word;

        Finish(String word) {
            this.word = word;
        }

        /** The word for it in JSON and SQL. */
        public String word() {
            return word;
        }
    }

    /** What follows where there is nothing to continue. */
    public static final GeneratedText NOTHING =
            new GeneratedText("", new long[0], Finish.NO_TEXT, false);

    static final List<AnswerColumn> COLUMNS =
            List.of(
                    AnswerColumn.of(
                            "generated", Type.STRING, GeneratedText.class, GeneratedText::text),
                    AnswerColumn.of(
                            "finish_reason",
                            Type.STRING,
                            GeneratedText.class,
                            generated -> generated.finish().word()));

    /** Whether the text, or what follows it, is longer than the limit. */
    @Override
    public boolean truncated() {
        return textTruncated || finish == Finish.POSITIONS;
    }

    @Override
    public String predicted() {
        return text;
    }

    @Override
    public double score() {
        return 0;
    }

    @Override
    public boolean isFinite() {
        return true; // or it would have ended with an exception
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
        json.writeStringField("generated", text);
        json.writeFieldName("generated_ids");
        json.writeArray(ids, 0, ids.length);
        json.writeStringField("finish_reason", finish.word());
    }
}
