package io.flinkpeft.task;

/**
 * How a language model's next token is chosen.
 *
 * <pre>{@code
 * Decoding.greedy(64)
 * Decoding.greedy(64).sampled(0.8, 50, 0.95, seed)
 * }</pre>
 *
 * <p>Sampling draws from the {@code topK} most probable tokens, of them from the fewest whose
 * probabilities add up to {@code topP}. Random numbers come from counters (seed, text, token): a
 * text continues the same whatever is generated beside it.
 *
 * @param maxNewTokens the most tokens, at least 1
 * @param temperature what logits are divided by; 0 takes the most probable token, the first of
 *     equals
 * @param topK at least 1; 0 takes all
 * @param topP more than 0, at most 1, which takes all
 * @param seed of the random numbers
 * @see <a href="https://arxiv.org/abs/1904.09751">Holtzman et al., The curious case of neural text
 *     degeneration, 2019, section 3.1</a>
 */
public record Decoding(int maxNewTokens, double temperature, int topK, double topP, long seed) {

    public Decoding {
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException(
                    "max-new-tokens (" + maxNewTokens + ") must be at least 1.");
        }
        if (!(temperature >= 0 && Double.isFinite(temperature))) {
            throw new IllegalArgumentException(
                    "temperature (" + temperature + ") must be at least 0.");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top-k (" + topK + ") must be at least 0.");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top-p (" + topP + ") must be in (0, 1].");
        }
    }

    /** Always the most probable token. */
    public static Decoding greedy(int maxNewTokens) {
        return new Decoding(maxNewTokens, 0, 0, 1, 0);
    }

    /** The same with random choices. */
    public Decoding sampled(double temperature, int topK, double topP, long seed) {
        return new Decoding(maxNewTokens, temperature, topK, topP, seed);
    }
}
