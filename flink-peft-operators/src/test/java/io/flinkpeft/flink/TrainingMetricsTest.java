package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.flink.config.PublicationPolicy.Decision;
import io.flinkpeft.task.CausalLmTask;
import io.flinkpeft.task.QuestionAnsweringTask;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.EventJson;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.junit.jupiter.api.Test;

class TrainingMetricsTest {

    private static final TrainingMetrics.Gauges GAUGES =
            new TrainingMetrics.Gauges(() -> 1, () -> 2, () -> 3, () -> 4);

    static List<String> names() {
        return names(TrainingMetrics.class);
    }

    static List<String> names(Class<?> metrics) {
        return Arrays.stream(metrics.getDeclaredFields())
                .filter(f -> Modifier.isPublic(f.getModifiers()) && f.getType() == String.class)
                .map(TrainingMetricsTest::value)
                .filter(name -> !name.equals(TrainingMetrics.GROUP))
                .toList();
    }

    private static String value(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyNameIsRegisteredAndNoOther() {
        var group = new RecordingMetricGroup();
        new TrainingMetrics(group, GAUGES, new StreamTask());
        assertThat(group.own())
                .containsExactlyInAnyOrderElementsOf(
                        names().stream().map(name -> "peft." + name).toList());
        assertThat(names()).hasSizeGreaterThan(15);
    }

    @Test
    void everyNameOfOrderIsRegisteredAndNoOther() {
        var group = new RecordingMetricGroup();
        OrderMetrics.late(group);
        new OrderMetrics(group, () -> 0);
        assertThat(group.own())
                .containsExactlyInAnyOrderElementsOf(
                        names(OrderMetrics.class).stream().map(name -> "peft." + name).toList());
    }

    @Test
    void gaugesAreNoNumbersBeforeTheyMeanSomething() {
        var group = new RecordingMetricGroup();
        var metrics = new TrainingMetrics(group, GAUGES, new StreamTask());
        for (String name : List.of("accuracy", "loss", "perplexity", "trainedTimestamp")) {
            assertThat(value(group, name)).as(name).isNaN();
        }
        metrics.outcome(outcome(result("noun", 0.5)), true);
        assertThat(value(group, "accuracy")).isEqualTo(1);
        assertThat(value(group, "loss")).isEqualTo(0.5);
        assertThat(value(group, "trainedTimestamp")).isEqualTo(7);
        assertThat(value(group, "perplexity")).as("of a classifier").isNaN();
    }

    @Test
    void whatIsRightIsSaidByTheTask() {
        var group = new RecordingMetricGroup();
        var metrics = new TrainingMetrics(group, GAUGES, new QuestionAnsweringTask());
        var result = new PrequentialResult("a", 0, "fog", 1, "The fog.", true, 1, 7, null, -1, -1);
        metrics.outcome(outcome(result), true);
        assertThat(value(group, "accuracy")).isEqualTo(1);
    }

    @Test
    void gaugesOfALanguageModelAreThoseOfItsTask() {
        var group = new RecordingMetricGroup();
        var metrics = new TrainingMetrics(group, GAUGES, new CausalLmTask());
        metrics.outcome(outcome(result(null, 2)), false);
        assertThat(value(group, "perplexity")).isEqualTo(Math.exp(2));
        assertThat(value(group, "accuracy")).isNaN();
        assertThat(value(group, "trainedTimestamp")).as("nothing was trained").isNaN();
    }

    @Test
    void versionsThatAreCutAndThatAreHeldAreCountedApart() {
        var group = new RecordingMetricGroup();
        var metrics = new TrainingMetrics(group, GAUGES, new StreamTask());
        var work = new Work.Cut(new Subject.Fresh(AdapterSettings.DEFAULT, "a"));
        for (Decision decision : Decision.values()) {
            var publication = Publication.without(decision);
            metrics.done(new Done.Cut(work, Optional.empty(), publication));
        }
        assertThat(count(group, "versionsHeld")).isOne();
        assertThat(count(group, "versions")).isZero();
        metrics.done(new Done.Cut(work, Optional.empty(), Publication.of(version(new byte[] {1}))));
        metrics.done(
                new Done.Cut(
                        work, Optional.empty(), Publication.of(AdapterVersion.removal("a", 3, 0))));
        assertThat(count(group, "versions")).as("a removal is none").isOne();
    }

    private static AdapterVersion version(byte[] payload) {
        return new AdapterVersion(
                "a",
                1,
                -1,
                "base",
                "LORA",
                new Numerics("fp32", 1, "cpu", "toy"),
                Lineage.NONE,
                Map.of(),
                payload,
                Sha256.of(payload));
    }

    @Test
    void refusedRecordsAreCountedByCause() {
        var group = new RecordingMetricGroup();
        var metrics = new TrainingMetrics(group, GAUGES, new StreamTask());
        var example = Example.labelled("a", "x", "noun");
        metrics.rejected(EventJson.rejected(example, Cause.EXAMPLE, "why"));
        metrics.rejected(EventJson.rejected(example, Cause.EXAMPLE, "why"));
        metrics.rejected(EventJson.rejected(example, Cause.LATE, "not here, usually"));
        assertThat(count(group, "cause.example.recordsRejected")).isEqualTo(2);
        assertThat(count(group, "cause.late.recordsRejected")).isOne();
        assertThat(count(group, "cause.numbers.recordsRejected")).isZero();
        assertThat(count(group, "examplesRejected")).isEqualTo(3);
    }

    private static PrequentialResult result(String label, double loss) {
        Boolean correct = label == null ? null : true;
        return new PrequentialResult("a", 0, label, 1, label, correct, loss, 7, null, -1, -1);
    }

    private static BatchOutcome outcome(PrequentialResult result) {
        return new BatchOutcome(null, 1, List.of(result), List.of(), List.of(), 0, 0);
    }

    private static double value(RecordingMetricGroup group, String name) {
        return ((Number) ((Gauge<?>) group.metrics.get("peft." + name)).getValue()).doubleValue();
    }

    private static long count(RecordingMetricGroup group, String name) {
        return ((Counter) group.metrics.get("peft." + name)).getCount();
    }
}
