package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.task.AnswerColumn.Type;
import java.io.IOException;
import java.util.List;

/**
 * A text as a vector. As JSON: {@code {"embedding": [...]}}.
 *
 * @param values of length 1, one a feature of the base model, or as many as the last layer of
 *     sentence-transformers makes
 * @param truncated whether the text was longer than the limit
 */
public record Vector(float[] values, boolean truncated) implements Prediction {

    static final List<AnswerColumn> COLUMNS =
            List.of(AnswerColumn.of("embedding", Type.FLOATS, Vector.class, Vector::values));

    @Override
    public String predicted() {
        return null;
    }

    @Override
    public double score() {
        return 0;
    }

    @Override
    public boolean isFinite() {
        return Prediction.areFinite(values);
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
        FiniteJson.field("embedding", values, json);
    }
}
