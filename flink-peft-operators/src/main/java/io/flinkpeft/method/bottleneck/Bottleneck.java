package io.flinkpeft.method.bottleneck;

import io.flinkpeft.method.Magnitude;
import java.io.Serializable;

/**
 * What one bottleneck of {@link BottleneckConfig} computes, and where it stands.
 *
 * @param placement where; default {@link Placement#PFEIFFER}
 * @param reduction {@code d / m}, at least 1; default 16, PARALLEL 2
 * @param nonLinearity act; default {@link NonLinearity#RELU}, HOULSBY {@link NonLinearity#SWISH}
 * @param scaling {@code s}, within {@link Magnitude#LARGEST} of 0; default 1, PARALLEL 4
 */
public record Bottleneck(
        Placement placement, int reduction, NonLinearity nonLinearity, double scaling)
        implements Serializable {

    public Bottleneck {
        if (reduction < 1) {
            throw new IllegalArgumentException(
                    "reduction_factor (" + reduction + ") must be at least 1. Maybe use 16.");
        }
        Magnitude.either("scaling", scaling);
    }

    /** AdapterHub's defaults of a placement. */
    static Bottleneck of(Placement placement) {
        boolean parallel = placement == Placement.PARALLEL;
        return new Bottleneck(
                placement,
                parallel ? 2 : 16,
                placement == Placement.HOULSBY ? NonLinearity.SWISH : NonLinearity.RELU,
                parallel ? 4 : 1);
    }

    Bottleneck withReduction(int reduction) {
        return new Bottleneck(placement, reduction, nonLinearity, scaling);
    }

    Bottleneck withNonLinearity(NonLinearity nonLinearity) {
        return new Bottleneck(placement, reduction, nonLinearity, scaling);
    }

    Bottleneck withScaling(double scaling) {
        return new Bottleneck(placement, reduction, nonLinearity, scaling);
    }

    /** Kept in state: the text for the same settings must stay as it is. */
    String describe() {
        return placement + " reduction=" + reduction + " " + nonLinearity + " scaling=" + scaling;
    }
}
