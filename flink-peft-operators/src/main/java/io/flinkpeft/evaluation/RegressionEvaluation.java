package io.flinkpeft.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers, as texts with spaces between them: how far they are from the right ones, and whether
 * they rise and fall with them.
 *
 * <pre>{@code
 * MSE      = mean of (predicted - right)^2                       over texts and outputs
 * MAE      = mean of |predicted - right|
 * Pearson  = covariance / (deviation * deviation)                the mean over outputs
 * }</pre>
 *
 * <p>A text without a prediction is left out of all three, and counted by none.
 */
public final class RegressionEvaluation implements Evaluation {

    /** The mean squared error, at least 0. */
    public static final String MSE = "mse";

    /** The mean absolute error, at least 0. */
    public static final String MAE = "mae";

    /** Pearson's correlation, -1 to 1; NaN while either side has one value only. */
    public static final String PEARSON = "pearson";

    /** Sums of one output, around running means: they lose no digits to large values. */
    private static final class Output {
        private long count;
        private double meanX;
        private double meanY;
        private double sumXx;
        private double sumYy;
        private double sumXy;

        void add(double x, double y) {
            count++;
            double dx = x - meanX;
            double dy = y - meanY;
            meanX += dx / count;
            meanY += dy / count;
            sumXx += dx * (x - meanX);
            sumYy += dy * (y - meanY);
            sumXy += dx * (y - meanY);
        }

        double pearson() {
            return sumXx == 0 || sumYy == 0 ? Double.NaN : sumXy / Math.sqrt(sumXx * sumYy);
        }
    }

    private final List<Output> outputs = new ArrayList<>();
    private long numbers;
    private double squares;
    private double distances;

    /**
     * Adds a prediction.
     *
     * @throws IllegalArgumentException if either is no list of numbers, or one has more than the
     *     other
     */
    @Override
    public void add(String predicted, String expected) {
        if (predicted == null) {
            return;
        }
        double[] own = numbers(predicted);
        double[] right = numbers(expected);
        if (own.length != right.length) {
            throw new IllegalArgumentException(
                    "Target (" + expected + ") must be " + own.length + " numbers.");
        }
        for (int i = 0; i < own.length; i++) {
            if (i == outputs.size()) {
                outputs.add(new Output());
            }
            outputs.get(i).add(own[i], right[i]);
            numbers++;
            squares += (own[i] - right[i]) * (own[i] - right[i]);
            distances += Math.abs(own[i] - right[i]);
        }
    }

    private static double[] numbers(String text) {
        String[] words = text.split(" ");
        double[] numbers = new double[words.length];
        for (int i = 0; i < numbers.length; i++) {
            try {
                numbers[i] = Double.parseDouble(words[i]);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("Target (" + text + ") must be numbers.", e);
            }
        }
        return numbers;
    }

    @Override
    public Map<String, Double> values() {
        if (numbers == 0) {
            return Map.of();
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(MSE, squares / numbers);
        values.put(MAE, distances / numbers);
        values.put(
                PEARSON,
                outputs.stream().mapToDouble(Output::pearson).average().orElse(Double.NaN));
        return values;
    }
}
