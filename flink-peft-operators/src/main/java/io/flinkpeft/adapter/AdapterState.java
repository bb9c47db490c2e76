package io.flinkpeft.adapter;

import java.util.Arrays;
import java.util.List;

/**
 * An adapter in training: all that a restart needs to go on as if it had not happened.
 *
 * @param adapterId whose it is
 * @param baseHash SHA-256 of the frozen base model, hex
 * @param method a fingerprint of the method's configuration; another configuration has another
 *     layout
 * @param numerics what decided its bits
 * @param step optimizer steps taken
 * @param publishedStep the step of the newest version cut from it, or -1
 * @param labels the labels in the order of their logits
 * @param labelCapacity how many labels the head has room for: all of a fixed set, else a power of
 *     two, at least 8
 * @param lineage what it was trained on
 * @param statistics how well it predicted
 * @param publishedStatistics these statistics when its newest version was cut; none if it has none
 * @param row the trained values, flat
 * @param firstMoment AdamW's first moment, the same layout
 * @param secondMoment AdamW's second moment, the same layout
 */
public record AdapterState(
        String adapterId,
        String baseHash,
        String method,
        Numerics numerics,
        long step,
        long publishedStep,
        List<String> labels,
        int labelCapacity,
        Lineage lineage,
        PrequentialStatistics statistics,
        PrequentialStatistics publishedStatistics,
        float[] row,
        float[] firstMoment,
        float[] secondMoment) {

    public AdapterState {
        labels = List.copyOf(labels);
        if (row.length != firstMoment.length || row.length != secondMoment.length) {
            throw new IllegalArgumentException(
                    "Adapter "
                            + adapterId
                            + " has "
                            + row.length
                            + " values and moments of "
                            + firstMoment.length
                            + " and "
                            + secondMoment.length
                            + ", must be equal.");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdapterState that
                && adapterId.equals(that.adapterId)
                && baseHash.equals(that.baseHash)
                && method.equals(that.method)
                && numerics.equals(that.numerics)
                && step == that.step
                && publishedStep == that.publishedStep
                && labels.equals(that.labels)
                && labelCapacity == that.labelCapacity
                && lineage.equals(that.lineage)
                && statistics.equals(that.statistics)
                && publishedStatistics.equals(that.publishedStatistics)
                && Arrays.equals(row, that.row)
                && Arrays.equals(firstMoment, that.firstMoment)
                && Arrays.equals(secondMoment, that.secondMoment);
    }

    @Override
    public int hashCode() {
        return 31 * adapterId.hashCode() + Long.hashCode(step) + Arrays.hashCode(row);
    }

    @Override
    public String toString() {
        return adapterId + "@" + step + " [" + row.length + " values]";
    }
}
