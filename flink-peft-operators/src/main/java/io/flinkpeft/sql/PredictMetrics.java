package io.flinkpeft.sql;

import io.flinkpeft.predict.Serving;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * The metrics of predictions, as {@code <operator scope>.peft.predict.<name>}. Those of versions
 * and adapters are of the TaskManager's process: users that share a subscription show the same.
 */
public final class PredictMetrics {

    /** The groups below the operator: {@code peft.predict}. */
    static final String[] GROUPS = {"peft", "predict"};

    /** Counter {@code peft.predict.predictions}: texts predicted. */
    public static final String PREDICTIONS = "predictions";

    /**
     * Counter {@code peft.predict.truncatedTexts}: texts that were cut at {@code max-tokens}, or
     * whose continuation ended for lack of positions.
     */
    public static final String TRUNCATED_TEXTS = "truncatedTexts";

    /** Counter {@code peft.predict.generatedTokens}: tokens of texts that were generated. */
    public static final String GENERATED_TOKENS = "generatedTokens";

    /** Counter {@code peft.predict.batches}: batches predicted. */
    public static final String BATCHES = "batches";

    /** Histogram {@code peft.predict.batchSize}: texts a batch. */
    public static final String BATCH_SIZE = "batchSize";

    /** Histogram {@code peft.predict.batchMicros}: how long a batch took, microseconds. */
    public static final String BATCH_MICROS = "batchMicros";

    /** Histogram {@code peft.predict.latencyMicros}: from row to answer, microseconds. */
    public static final String LATENCY_MICROS = "latencyMicros";

    /** Gauge {@code peft.predict.versionSwaps}: versions that took the place of another. */
    public static final String VERSION_SWAPS = "versionSwaps";

    /** Gauge {@code peft.predict.refusedVersions}: versions that could not be used. */
    public static final String REFUSED_VERSIONS = "refusedVersions";

    /**
     * Gauge {@code peft.predict.failedPredictions}: texts that could not be predicted, or not with
     * a finite result, and followed the fallback.
     */
    public static final String FAILED_PREDICTIONS = "failedPredictions";

    /** Gauge {@code peft.predict.adaptersOnDevice}: adapters on the device. */
    public static final String ADAPTERS_ON_DEVICE = "adaptersOnDevice";

    /**
     * Gauge {@code peft.predict.versionLagMillis}: how long ago the newest event happened that a
     * loaded version learned from; -1 if that is not known.
     */
    public static final String VERSION_LAG_MILLIS = "versionLagMillis";

    private static final int WINDOW = 1000;

    private final Counter predictions;
    private final Counter truncatedTexts;
    private final Counter generatedTokens;
    private final Counter batches;
    private final Histogram batchSize;
    private final Histogram batchMicros;
    private final Histogram latencyMicros;

    PredictMetrics(MetricGroup operator, Serving serving, Clock clock) {
        MetricGroup group = operator;
        for (String name : GROUPS) {
            group = group.addGroup(name);
        }
        predictions = group.counter(PREDICTIONS);
        truncatedTexts = group.counter(TRUNCATED_TEXTS);
        generatedTokens = group.counter(GENERATED_TOKENS);
        batches = group.counter(BATCHES);
        batchSize = group.histogram(BATCH_SIZE, new DescriptiveStatisticsHistogram(WINDOW));
        batchMicros = group.histogram(BATCH_MICROS, new DescriptiveStatisticsHistogram(WINDOW));
        latencyMicros = group.histogram(LATENCY_MICROS, new DescriptiveStatisticsHistogram(WINDOW));
        group.gauge(VERSION_SWAPS, (Gauge<Long>) serving::versionSwaps);
        group.gauge(REFUSED_VERSIONS, (Gauge<Long>) serving::refusedVersions);
        group.gauge(FAILED_PREDICTIONS, (Gauge<Long>) serving::failedPredictions);
        group.gauge(ADAPTERS_ON_DEVICE, (Gauge<Integer>) serving::adaptersOnDevice);
        group.gauge(VERSION_LAG_MILLIS, (Gauge<Long>) () -> lag(serving, clock));
    }

    private static long lag(Serving serving, Clock clock) {
        long newest = serving.newestVersionMillis();
        return newest == Long.MIN_VALUE ? -1 : clock.millis() - newest;
    }

    /** Counts a batch; called by the thread that predicts. */
    void batch(int size, long nanos) {
        predictions.inc(size);
        batches.inc();
        batchSize.update(size);
        batchMicros.update(TimeUnit.NANOSECONDS.toMicros(nanos));
    }

    /** Counts texts that were cut; called by the thread that predicts. */
    void truncated(long texts) {
        truncatedTexts.inc(texts);
    }

    /** Counts what was generated; called by the thread that predicts. */
    void generated(int tokens) {
        generatedTokens.inc(tokens);
    }

    /** Counts the way of one row. */
    void answered(long nanos) {
        latencyMicros.update(TimeUnit.NANOSECONDS.toMicros(nanos));
    }
}
