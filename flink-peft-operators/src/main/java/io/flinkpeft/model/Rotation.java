package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * Rotary positions: how fast each pair of coordinates of a head turns with the position.
 *
 * <pre>{@code
 * f_i = theta^(-2i / size)
 * llama3: f_i as it is where its wave is shorter than original / high,
 *         f_i / factor where it is longer than original / low, between them a mix of both
 * }</pre>
 *
 * <p>In single precision, step by step as transformers computes it.
 *
 * @param theta base of the frequencies; default 10000
 * @param type {@code default}, {@code linear} or {@code llama3}
 * @param factor what slow frequencies are divided by
 * @param low waves in the original context above which a frequency is not yet slow
 * @param high waves in the original context from which on a frequency is fast
 * @param original positions of the first training
 * @see <a href="https://arxiv.org/abs/2104.09864">Su et al., RoFormer, 2021, section 3.2</a>
 */
record Rotation(double theta, String type, double factor, double low, double high, int original) {

    /**
     * Reads it from a {@code config.json} in the spelling of transformers 5, {@code
     * rope_parameters}, or of 4, {@code rope_theta} and {@code rope_scaling}, which counts if a
     * file has both.
     *
     * @throws IllegalArgumentException if it is of a type that is not supported
     */
    static Rotation of(JsonNode config) {
        JsonNode four = config.path("rope_scaling");
        JsonNode scaling =
                four.isObject() && !four.isEmpty() ? four : config.path("rope_parameters");
        double theta =
                scaling.path("rope_theta").asDouble(config.path("rope_theta").asDouble(10000));
        String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        checkWhole(scaling);
        checkWhole(config);
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "default" -> new Rotation(theta, type, 1, 0, 0, 0);
            case "linear" -> new Rotation(theta, type, positive(scaling, "factor"), 0, 0, 0);
            case "llama3" ->
                    new Rotation(
                            theta,
                            type,
                            positive(scaling, "factor"),
                            positive(scaling, "low_freq_factor"),
                            positive(scaling, "high_freq_factor"),
                            (int) positive(scaling, "original_max_position_embeddings"));
            default ->
                    throw new IllegalArgumentException(
                            "rope_type (" + type + ") must be default, linear or llama3.");
        };
    }

    /** Refuses heads of which a part alone turns. */
    private static void checkWhole(JsonNode json) {
        JsonNode part = json.path("partial_rotary_factor");
        if (part.asDouble(1) != 1) {
            throw new IllegalArgumentException("partial_rotary_factor (" + part + ") must be 1.");
        }
    }

    private static double positive(JsonNode json, String key) {
        double value = json.path(key).asDouble(0);
        if (!(value > 0)) {
            throw new IllegalArgumentException(
                    "rope_parameters: " + key + " (" + json.path(key) + ") must be more than 0.");
        }
        return value;
    }

    /** The frequencies of the pairs of a head of that size. */
    float[] frequencies(int size) {
        float[] frequencies = new float[size / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float power = (float) Math.pow(theta, (float) (2 * i) / size);
            frequencies[i] = scaled(1 / power);
        }
        return frequencies;
    }

    private float scaled(float frequency) {
        if (!type.equalsIgnoreCase("llama3")) {
            return (float) (frequency / factor);
        }
        float wave = (float) (2 * Math.PI) / frequency;
        if (wave < original / high) {
            return frequency;
        }
        if (wave > original / low) {
            return (float) (frequency / factor);
        }
        float smooth = (float) ((original / wave - low) / (high - low));
        return (float) ((1 - smooth) * frequency / factor) + smooth * frequency;
    }
}
