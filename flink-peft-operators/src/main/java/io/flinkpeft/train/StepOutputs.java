package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;

/**
 * What a program's {@code step} gives for an adapter.
 *
 * @param row after the step
 * @param expAvg AdamW's first moment after it
 * @param expAvgSq AdamW's second one
 * @param loss the adapter's mean loss before it
 * @param gradientNorm before clipping
 * @param outputs before the step, such as logits [texts, classes]
 * @param zeroIfFinite of the row and its moments: not 0 if one of their values is no number
 */
record StepOutputs(
        NDArray row,
        NDArray expAvg,
        NDArray expAvgSq,
        NDArray loss,
        NDArray gradientNorm,
        NDArray outputs,
        NDArray zeroIfFinite) {}
