package io.flinkpeft.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonFactory;
import io.flinkpeft.event.ExampleContent;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelsTest {

    private static final List<String> ALL = List.of("not safe", "spam", "good");

    private static Labels of(float... logits) {
        return new Labels(ALL, logits, false);
    }

    private static String json(Prediction prediction) throws IOException {
        var text = new StringWriter();
        try (var json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            prediction.write(json);
            json.writeEndObject();
        }
        return text.toString();
    }

    @Test
    void aLabelIsPredictedFromOneHalfOn() {
        assertThat(of(1, 0, -1).predicted()).isEqualTo("not safe");
        assertThat(of(1, -1, 1).predicted()).isEqualTo("not safe\ngood");
        assertThat(of(-1, -1, -1).predicted()).isEmpty();
        assertThat(of(-1, Float.NaN, 1).predicted()).isNull();
    }

    @Test
    void theScoreIsThatOfAllDecisions() {
        double p = 1 / (1 + Math.exp(-2));
        assertThat(of(2, -2, 2).score()).isCloseTo(p * p * p, within(1e-9));
        assertThat(of(2, -2, 2).scores().get("spam")).isCloseTo(1 - p, within(1e-9));
    }

    @Test
    void whatIsNotFiniteIsNullInJson() throws IOException {
        assertThat(json(of(0, -1, Float.POSITIVE_INFINITY)))
                .isEqualTo(
                        "{\"labels\":[],\"scores\":{\"not safe\":null,\"spam\":null,"
                                + "\"good\":null},\"logits\":[0.0,-1.0,null]}");
    }

    /** What a task with one label would learn as a class of its own. */
    @Test
    void severalLabelsAreNoClass() {
        for (String label : List.of("a\nb", "")) {
            assertThat(new StreamTask().refusal(ExampleContent.labelled("x", label), List.of()))
                    .contains("Labels " + label.lines().toList() + " must be one label.");
        }
        assertThat(new StreamTask().refusal(ExampleContent.labelled("x", "a b"), List.of()))
                .isEmpty();
    }
}
