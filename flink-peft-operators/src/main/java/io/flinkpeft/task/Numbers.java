package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.task.AnswerColumn.Type;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Numbers for a text. As JSON: {@code {"value", "values": {...}, "logits": [...]}}; the value is
 * the first one.
 *
 * @param labels what they are called
 * @param values one a label
 * @param truncated whether the text was longer than the limit
 */
public record Numbers(List<String> labels, float[] values, boolean truncated)
        implements Prediction {

    static final List<AnswerColumn> COLUMNS =
            List.of(
                    AnswerColumn.of("value", Type.DOUBLE, Numbers.class, Numbers::first),
                    AnswerColumn.of("values", Type.SCORES, Numbers.class, Numbers::byLabel));

    private double first() {
        return values[0];
    }

    private Map<String, Double> byLabel() {
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            numbers.put(labels.get(i), (double) values[i]);
        }
        return numbers;
    }

    /** The numbers with spaces between them. */
    @Override
    public String predicted() {
        return isFinite()
                ? IntStream.range(0, values.length)
                        .mapToObj(i -> Float.toString(values[i]))
                        .collect(Collectors.joining(" "))
                : null;
    }

    /** Not a number: it has no probability. */
    @Override
    public double score() {
        return Double.NaN;
    }

    @Override
    public boolean isFinite() {
        return Prediction.areFinite(values);
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
        FiniteJson.field("value", values[0], json);
        json.writeObjectFieldStart("values");
        for (int i = 0; i < values.length; i++) {
            FiniteJson.field(labels.get(i), values[i], json);
        }
        json.writeEndObject();
        FiniteJson.field("logits", values, json);
    }
}
