package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import io.flinkpeft.model.BatchTensors;
import java.util.List;

/**
 * The arguments of a program's {@code step}, which are those of {@code kernels/step.py}. What is
 * one an adapter is in the order of the rows.
 *
 * @param adapted the adapters on their base
 * @param batch their texts
 * @param classes how many labels each adapter uses
 * @param labels of each adapter's outputs; any number where the weight is 0
 * @param lossWeights of each adapter's outputs in its loss
 * @param expAvg each adapter's first moment of AdamW
 * @param expAvgSq each adapter's second one
 * @param steps the number of each adapter's step, from 1
 * @param optimizer how a step changes an adapter
 * @param dropout of a method's inputs
 * @param seeds of what is random in each adapter's step
 * @param plans what the method does in each adapter's step, all of one length
 */
record StepArguments(
        Adapted adapted,
        BatchTensors batch,
        long[] classes,
        List<NDArray> labels,
        List<NDArray> lossWeights,
        List<NDArray> expAvg,
        List<NDArray> expAvgSq,
        long[] steps,
        Optimizer optimizer,
        double dropout,
        long[] seeds,
        long[] plans) {

    /**
     * AdamW's settings.
     *
     * @param groupSizes of the groups that follow each other in a row
     * @param learningRates of each adapter's groups
     * @param weightDecays of each group
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the denominator
     * @param clipNorm the largest norm of a gradient; 0 clips nothing
     */
    record Optimizer(
            long[] groupSizes,
            double[] learningRates,
            double[] weightDecays,
            double beta1,
            double beta2,
            double epsilon,
            double clipNorm) {}
}
