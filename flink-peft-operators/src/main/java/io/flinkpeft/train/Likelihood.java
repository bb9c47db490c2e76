package io.flinkpeft.train;

/**
 * How unlikely a language model finds a text.
 *
 * @param loss the mean negative log likelihood of a token, nats; NaN if no token is predicted
 * @param tokens how many tokens are predicted
 * @param truncated whether the text, or the target, was longer than the limit
 */
public record Likelihood(double loss, int tokens, boolean truncated) implements Prediction {

    @Override
    public boolean isFinite() {
        return Double.isFinite(loss);
    }
}
