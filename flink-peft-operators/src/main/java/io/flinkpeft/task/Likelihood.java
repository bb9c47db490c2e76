package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.task.AnswerColumn.Type;
import java.io.IOException;
import java.util.List;

/**
 * How unlikely a language model finds a text. As JSON: {@code {"loss"}}.
 *
 * @param loss the mean negative log likelihood of a token, nats; NaN if no token is predicted
 * @param tokens how many tokens are predicted
 * @param truncated whether the text, or the target, was longer than the limit
 */
public record Likelihood(double loss, int tokens, boolean truncated) implements Prediction {

    /** The word for asking for it. */
    public static final String VERB = "score";

    static final List<AnswerColumn> COLUMNS =
            List.of(AnswerColumn.of("loss", Type.DOUBLE, Likelihood.class, Likelihood::lossIfAny));

    private Double lossIfAny() {
        return Double.isNaN(loss) ? null : loss;
    }

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
        return tokens == 0 || Double.isFinite(loss);
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
        FiniteJson.field("loss", loss, json);
    }

    /** Its loss counts, whatever is right. */
    @Override
    public void measure(Evaluation evaluation, String reference) {
        evaluation.addLoss(loss);
    }
}
