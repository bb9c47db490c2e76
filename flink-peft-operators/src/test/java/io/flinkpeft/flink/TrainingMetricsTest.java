package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.train.HeadKind;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingMetricsTest {

    private static final TrainingMetrics.Gauges GAUGES =
            new TrainingMetrics.Gauges(() -> 1, () -> 2, () -> 3);

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
        new TrainingMetrics(group, GAUGES, HeadKind.STREAM::evaluation);
        assertThat(group.metrics.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        names().stream().map(name -> "peft." + name).toList());
        assertThat(names()).hasSizeGreaterThan(15);
    }

    @Test
    void everyNameOfOrderIsRegisteredAndNoOther() {
        var group = new RecordingMetricGroup();
        OrderMetrics.late(group);
        new OrderMetrics(group);
        assertThat(group.metrics.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        names(OrderMetrics.class).stream().map(name -> "peft." + name).toList());
    }
}
