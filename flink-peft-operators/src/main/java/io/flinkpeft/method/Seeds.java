package io.flinkpeft.method;

import java.nio.charset.StandardCharsets;

/**
 * Random numbers from counters: a number depends on its seed, name and index alone, so there is no
 * generator whose state would have to be saved.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele et al., Fast splittable
 *     pseudorandom number generators, 2014, figure 17, mix64 (variant 13)</a>
 */
public final class Seeds {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** The seed of a named stream of numbers. */
    public static long derive(long seed, String... names) {
        long derived = mix(seed + GOLDEN_GAMMA);
        for (String name : names) {
            for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
                derived = mix((derived ^ b) + GOLDEN_GAMMA);
            }
            // ends the name: ("a", "b") is not ("ab")
            derived = mix(derived ^ 0x100L);
        }
        return derived;
    }

    /** The number at an index of a stream, uniform in [0, 1), with 24 random bits. */
    public static float uniform(long seed, long index) {
        return (mix(seed + GOLDEN_GAMMA * (index + 1)) >>> 40) * 0x1p-24f;
    }

    /** The number at an index of a stream, uniform in [0, bound), as good as 64 bits allow. */
    public static long below(long bound, long seed, long index) {
        return Long.remainderUnsigned(mix(seed + GOLDEN_GAMMA * (index + 1)), bound);
    }

    /** The number at an index of a stream, standard normal, by Box and Muller. */
    public static float gaussian(long seed, long index) {
        // the first uniform is never 0
        double first = uniform(seed, 2 * index) + 0x1p-25;
        double second = uniform(seed, 2 * index + 1);
        return (float)
                (StrictMath.sqrt(-2 * StrictMath.log(first))
                        * StrictMath.cos(2 * Math.PI * second));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
