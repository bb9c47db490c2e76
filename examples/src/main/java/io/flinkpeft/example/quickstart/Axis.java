package io.flinkpeft.example.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis of a chart.
 *
 * @param title what it shows, with its unit
 * @param min where it starts
 * @param max where it ends
 */
record Axis(String title, double min, double max) {

    private static final int TICKS = 6;

    /** An axis from 0 to a round number that is not below the largest of the values. */
    static Axis fromZero(String title, double largest) {
        double top = Double.isFinite(largest) && largest > 0 ? largest : 1;
        double step = step(top);
        return new Axis(title, 0, step * Math.ceil(top / step));
    }

    /** Where a value lies between the axis' ends, 0 to 1. */
    double share(double value) {
        return (value - min) / (max - min);
    }

    /** Round numbers from end to end. */
    List<Double> ticks() {
        double step = step(max - min);
        var ticks = new ArrayList<Double>();
        for (long i = (long) Math.ceil(min / step); i * step <= max + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** 1, 2 or 5 times a power of ten, so that there are about {@link #TICKS}. */
    private static double step(double range) {
        double rough = range / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double factor = rough / power;
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }

    /** A number as it stands at a tick. */
    static String text(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : String.format(Locale.ROOT, "%.1f", value);
    }
}
