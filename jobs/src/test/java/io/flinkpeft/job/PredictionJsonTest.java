package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.PrequentialResult;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PredictionJsonTest {

    private static String json(String predicted, double score, String label, double loss) {
        Boolean correct = label == null ? null : label.equals(predicted);
        var result =
                new PrequentialResult(
                        "a", 3, predicted, score, label, correct, loss, 7, "texts", 1, 2);
        byte[] value = new PredictionJson("topic").serialize(result, null, null).value();
        return new String(value, StandardCharsets.UTF_8);
    }

    @Test
    void allFieldsAreThere() {
        assertThat(json("x", 0.5, "y", 0.25))
                .isEqualTo(
                        "{\"adapter\":\"a\",\"step\":3,\"predicted\":\"x\",\"score\":0.5,"
                                + "\"label\":\"y\",\"correct\":false,\"loss\":0.25,\"timestamp\":7,"
                                + "\"topic\":\"texts\",\"partition\":1,\"offset\":2}");
    }

    @Test
    void aLossThatIsNoNumberIsNull() {
        for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThat(json("x", 0.5, null, loss)).contains("\"loss\":null");
            assertThat(json(null, 0, "y", loss)).contains("\"loss\":null");
        }
    }

    @Test
    void aNumberHasNoProbability() {
        assertThat(json("3.5", Double.NaN, "4", 0.25)).contains("\"score\":null");
    }

    @Test
    void aLanguageModelHasALossWithoutALabel() {
        assertThat(json(null, 0, null, 1.5))
                .contains("\"label\":null,\"correct\":null,\"loss\":1.5");
    }
}
