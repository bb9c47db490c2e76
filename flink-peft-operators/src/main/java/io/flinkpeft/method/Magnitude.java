package io.flinkpeft.method;

/**
 * Bounds on the numbers of a method. They reach the model as fp32, where products of larger ones
 * overflow, and nobody needs them.
 */
public final class Magnitude {

    /** The largest factor, such as a scale's numerator or a learning rate of one adapter. */
    public static final double LARGEST = 1e6;

    private Magnitude() {}

    /** Refuses a factor that is not more than 0, or too large. */
    public static double positive(String what, double value, String maybe) {
        if (!(value > 0 && value <= LARGEST)) {
            throw new IllegalArgumentException(
                    what + " (" + value + ") must be more than 0 and at most 1e6." + maybe);
        }
        return value;
    }

    /** Refuses a factor that is less than 0, or too large. */
    public static double atLeastZero(String what, double value) {
        if (!(value >= 0 && value <= LARGEST)) {
            throw new IllegalArgumentException(
                    what + " (" + value + ") must be at least 0 and at most 1e6.");
        }
        return value;
    }

    /** Refuses a factor that is too large, of either sign. */
    public static double either(String what, double value) {
        if (!(Math.abs(value) <= LARGEST)) {
            throw new IllegalArgumentException(what + " (" + value + ") must be within 1e6 of 0.");
        }
        return value;
    }

    /** Refuses a count that is less than 1, or more than a bound. */
    public static int count(String what, int value, int most, String maybe) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    what
                            + " ("
                            + value
                            + ") must be at least 1"
                            + (value < 1 ? "" : " and at most " + most)
                            + "."
                            + maybe);
        }
        return value;
    }
}
