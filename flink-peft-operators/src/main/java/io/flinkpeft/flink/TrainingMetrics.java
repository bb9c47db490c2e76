package io.flinkpeft.flink;

import io.flinkpeft.adapter.PrequentialStatistics;
import io.flinkpeft.evaluation.AnswerEvaluation;
import io.flinkpeft.evaluation.LabelEvaluation;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.flink.config.PublicationPolicy.Decision;
import io.flinkpeft.task.Task;
import io.flinkpeft.train.BatchOutcome;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * The trainer's metrics, under {@code
 * <host>.taskmanager.<tm_id>.<job_name>.<operator_name>.<subtask_index>.peft}. Each counts one
 * subtask.
 */
public final class TrainingMetrics {

    /** The group of all metrics. */
    public static final String GROUP = RejectedRecords.GROUP;

    /** {@code peft.examplesIn}, counter: examples that came in. */
    public static final String EXAMPLES_IN = "examplesIn";

    /** {@code peft.examplesPredicted}, counter: examples that were predicted. */
    public static final String EXAMPLES_PREDICTED = "examplesPredicted";

    /** {@code peft.examplesTrained}, counter: labelled examples that were trained on. */
    public static final String EXAMPLES_TRAINED = "examplesTrained";

    /** {@code peft.examplesTrainedPerSecond}, meter over a minute. */
    public static final String EXAMPLES_TRAINED_PER_SECOND = "examplesTrainedPerSecond";

    /**
     * {@code peft.examplesRejected}, counter: dead letters of the trainer. {@link RejectedRecords}
     * counts them by cause, and those of other operators.
     */
    public static final String EXAMPLES_REJECTED = "examplesRejected";

    /** {@code peft.examplesTruncated}, counter: texts longer than the limit. */
    public static final String EXAMPLES_TRUNCATED = "examplesTruncated";

    /** {@code peft.examplesBuffered}, gauge: examples of closed batches without a finished step. */
    public static final String EXAMPLES_BUFFERED = "examplesBuffered";

    /** {@code peft.bytesBuffered}, gauge: bytes that they take. */
    public static final String BYTES_BUFFERED = "bytesBuffered";

    /** {@code peft.controls}, counter: controls that came to their turn; bad ones too. */
    public static final String CONTROLS = "controls";

    /** {@code peft.tokens}, counter: tokens that went through the model. */
    public static final String TOKENS = "tokens";

    /** {@code peft.tokensPerSecond}, meter over a minute. */
    public static final String TOKENS_PER_SECOND = "tokensPerSecond";

    /** {@code peft.steps}, counter: optimizer steps, one an adapter. */
    public static final String STEPS = "steps";

    /** {@code peft.stepMillis}, histogram: milliseconds of a joint step, its loads and versions. */
    public static final String STEP_MILLIS = "stepMillis";

    /** {@code peft.versions}, counter: versions that were cut. */
    public static final String VERSIONS = "versions";

    /** {@code peft.versionsHeld}, counter: versions that were due and that the policy held back. */
    public static final String VERSIONS_HELD = "versionsHeld";

    /**
     * {@code peft.accuracy}, gauge: prequential accuracy, 0 to 1, fading; NaN before it is known.
     */
    public static final String ACCURACY = "accuracy";

    /**
     * {@code peft.loss}, gauge: prequential cross entropy, nats, fading; NaN before it is known.
     */
    public static final String LOSS = "loss";

    /** {@code peft.perplexity}, gauge: e to the {@link #LOSS}, of language models; else NaN. */
    public static final String PERPLEXITY = "perplexity";

    /**
     * {@code peft.windowAccuracy}, gauge: accuracy over the last {@value RecentPredictions#WINDOW}
     * predictions, of words where each has a label; NaN for other tasks.
     */
    public static final String WINDOW_ACCURACY = "windowAccuracy";

    /** {@code peft.windowMacroF1}, gauge: their F1, averaged over labels; NaN for other tasks. */
    public static final String WINDOW_MACRO_F1 = "windowMacroF1";

    /** {@code peft.windowExactMatch}, gauge: of answers from a text; NaN for other tasks. */
    public static final String WINDOW_EXACT_MATCH = "windowExactMatch";

    /** {@code peft.windowF1}, gauge: of the words of such answers; NaN for other tasks. */
    public static final String WINDOW_F1 = "windowF1";

    /**
     * {@code peft.trainedTimestamp}, gauge: the largest event time trained on, milliseconds; NaN
     * before there is one.
     */
    public static final String TRAINED_TIMESTAMP = "trainedTimestamp";

    /** {@code peft.adaptersOnDevice}, gauge: adapters on the device. */
    public static final String ADAPTERS_ON_DEVICE = "adaptersOnDevice";

    /** {@code peft.bytesOnDevice}, gauge: bytes they hold. */
    public static final String BYTES_ON_DEVICE = "bytesOnDevice";

    /** {@code peft.evictions}, counter: adapters that went from the device to Flink's state. */
    public static final String EVICTIONS = "evictions";

    /** {@code peft.adaptersExpired}, counter: adapters that ended because they were idle. */
    public static final String ADAPTERS_EXPIRED = "adaptersExpired";

    private static final int HISTOGRAM_WINDOW = 1000;

    private static final Set<Cause> CAUSES =
            EnumSet.of(
                    Cause.ADAPTER,
                    Cause.FEEDBACK,
                    Cause.CONTROL,
                    Cause.EXAMPLE,
                    Cause.NUMBERS,
                    Cause.FAILURE);

    /** Values that the operator keeps; read by Flink's reporters. */
    record Gauges(
            LongSupplier buffered,
            LongSupplier bufferedBytes,
            LongSupplier adaptersOnDevice,
            LongSupplier bytesOnDevice) {

        static Gauges of(Buffered buffered, AdapterCache cache) {
            return new Gauges(
                    buffered::events, buffered::bytes, cache::onDevice, cache::bytesOnDevice);
        }
    }

    final Counter examplesIn;
    private final Counter rejected;
    private final RejectedRecords causes;
    private final Counter controls;
    private final Counter versions;
    private final Counter versionsHeld;
    final Counter evictions;
    final Counter expired;
    private final Counter predicted;
    private final Counter trained;
    private final Counter truncated;
    private final Counter tokens;
    private final Counter steps;
    private final Histogram stepMillis;
    private final Task task;
    private final RecentPredictions recent;
    private volatile PrequentialStatistics statistics = PrequentialStatistics.NONE;
    private volatile double trainedTimestamp = Double.NaN;

    TrainingMetrics(MetricGroup operator, Gauges gauges, Task task) {
        this.task = task;
        recent = new RecentPredictions(task::evaluation);
        MetricGroup group = operator.addGroup(GROUP);
        examplesIn = group.counter(EXAMPLES_IN);
        predicted = group.counter(EXAMPLES_PREDICTED);
        trained = group.counter(EXAMPLES_TRAINED);
        group.meter(EXAMPLES_TRAINED_PER_SECOND, new MeterView(trained));
        controls = group.counter(CONTROLS);
        rejected = group.counter(EXAMPLES_REJECTED);
        causes = new RejectedRecords(operator, CAUSES);
        truncated = group.counter(EXAMPLES_TRUNCATED);
        tokens = group.counter(TOKENS);
        group.meter(TOKENS_PER_SECOND, new MeterView(tokens));
        steps = group.counter(STEPS);
        stepMillis =
                group.histogram(STEP_MILLIS, new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW));
        versions = group.counter(VERSIONS);
        versionsHeld = group.counter(VERSIONS_HELD);
        evictions = group.counter(EVICTIONS);
        expired = group.counter(ADAPTERS_EXPIRED);
        group.gauge(ACCURACY, (Gauge<Double>) () -> accuracy());
        group.gauge(LOSS, (Gauge<Double>) () -> loss());
        group.gauge(PERPLEXITY, (Gauge<Double>) () -> perplexity());
        measure(group, WINDOW_ACCURACY, LabelEvaluation.ACCURACY);
        measure(group, WINDOW_MACRO_F1, LabelEvaluation.MACRO_F1);
        measure(group, WINDOW_EXACT_MATCH, AnswerEvaluation.EXACT_MATCH);
        measure(group, WINDOW_F1, AnswerEvaluation.F1);
        group.gauge(TRAINED_TIMESTAMP, (Gauge<Double>) () -> trainedTimestamp);
        group.gauge(EXAMPLES_BUFFERED, (Gauge<Long>) gauges.buffered()::getAsLong);
        group.gauge(BYTES_BUFFERED, (Gauge<Long>) gauges.bufferedBytes()::getAsLong);
        group.gauge(ADAPTERS_ON_DEVICE, (Gauge<Long>) gauges.adaptersOnDevice()::getAsLong);
        group.gauge(BYTES_ON_DEVICE, (Gauge<Long>) gauges.bytesOnDevice()::getAsLong);
    }

    private void measure(MetricGroup group, String name, String measure) {
        group.gauge(name, (Gauge<Double>) () -> recent.value(measure));
    }

    private double accuracy() {
        return unknown() || !task.judges() ? Double.NaN : statistics.recentAccuracy();
    }

    private double loss() {
        return unknown() ? Double.NaN : statistics.recentLoss();
    }

    private double perplexity() {
        return task.predictsTokens() ? Math.exp(loss()) : Double.NaN;
    }

    private boolean unknown() {
        return statistics.examples() == 0;
    }

    void rejected(Rejected record) {
        rejected.inc();
        causes.count(record);
    }

    void step(long nanos) {
        stepMillis.update(nanos / 1_000_000);
    }

    /** Counts what was done for one adapter, without its dead letters. */
    void done(Done done) {
        if (done.work() instanceof Work.Obey) {
            controls.inc();
        }
        if (done instanceof Done.Trained trained) {
            outcome(trained.outcome(), trained.learnt());
        }
        if (done.publication().decision() == Decision.HOLD) {
            versionsHeld.inc();
        }
        done.publication()
                .version()
                .filter(version -> !version.removes())
                .ifPresent(version -> versions.inc());
    }

    /** Counts one adapter's share of a step. */
    void outcome(BatchOutcome outcome, boolean learnt) {
        tokens.inc(outcome.tokens());
        truncated.inc(outcome.truncated());
        predicted.inc(outcome.results().size());
        outcome.results().forEach(result -> result(result, learnt));
        if (learnt) {
            steps.inc();
        }
    }

    private void result(PrequentialResult result, boolean learnt) {
        if (!Double.isFinite(result.loss())) {
            return;
        }
        statistics = statistics.plus(result.correct(), result.loss());
        recent.add(result);
        if (learnt) {
            trained.inc();
            double time = result.timestampMillis();
            trainedTimestamp = time < trainedTimestamp ? trainedTimestamp : time; // not if NaN
        }
    }
}
