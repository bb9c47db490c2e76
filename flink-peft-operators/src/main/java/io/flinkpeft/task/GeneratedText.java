package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.task.AnswerColumn.Type;
import java.io.IOException;
import java.util.List;

/**
 * What a language model wrote. As JSON: {@code {"generated", "generated_ids": [...]}}.
 *
 * @param text without special tokens
 * @param ids the new tokens, the end token among them if it came
 * @param truncated whether the text was longer than the limit
 */
public record GeneratedText(String text, long[] ids, boolean truncated) implements Prediction {

    /** What follows where there is nothing to continue. */
    public static final GeneratedText NOTHING = new GeneratedText("", new long[0], false);

    static final List<AnswerColumn> COLUMNS =
            List.of(
                    AnswerColumn.of(
                            "generated", Type.STRING, GeneratedText.class, GeneratedText::text));

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
    }
}
