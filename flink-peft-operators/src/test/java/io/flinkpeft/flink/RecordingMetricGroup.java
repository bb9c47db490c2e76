package io.flinkpeft.flink;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** Keeps what is registered, under its path. */
final class RecordingMetricGroup extends UnregisteredMetricsGroup {

    final Map<String, Metric> metrics;
    private final String path;

    RecordingMetricGroup() {
        this(new TreeMap<>(), "");
    }

    private RecordingMetricGroup(Map<String, Metric> metrics, String path) {
        this.metrics = metrics;
        this.path = path;
    }

    /** The paths of those that are not counted by cause. */
    List<String> own() {
        return metrics.keySet().stream().filter(path -> !path.contains(".cause.")).toList();
    }

    private <M extends Metric> M keep(String name, M metric) {
        metrics.put(path + name, metric);
        return metric;
    }

    @Override
    public Counter counter(String name) {
        return keep(name, new SimpleCounter());
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
        return keep(name, gauge);
    }

    @Override
    public <H extends Histogram> H histogram(String name, H histogram) {
        return keep(name, histogram);
    }

    @Override
    public <M extends Meter> M meter(String name, M meter) {
        return keep(name, meter);
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
        return addGroup(key).addGroup(value);
    }

    @Override
    public MetricGroup addGroup(String name) {
        return new RecordingMetricGroup(metrics, path + name + ".");
    }
}
