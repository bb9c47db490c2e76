package io.flinkpeft.job;

import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.flink.config.EventOrder;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** What options of a job must be, beside their types; a refusal names the option. */
final class OptionChecks {

    private OptionChecks() {}

    static void check(Configuration options, EventOrder.Kind order) {
        order(options, order);
        int partitions = options.get(JobOptions.ADAPTER_PARTITIONS);
        if (partitions < 1) {
            throw new IllegalArgumentException(
                    "adapters.partitions (" + partitions + ") must be at least 1.");
        }
        int replication = options.get(JobOptions.ADAPTER_REPLICATION);
        if (replication != -1 && (replication < 1 || replication > Short.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "adapters.replication (" + replication + ") must be -1, or 1 to 32767.");
        }
        options.getOptional(JobOptions.DEFAULT_ADAPTER).ifPresent(OptionChecks::defaultAdapter);
    }

    private static void defaultAdapter(String id) {
        try {
            AdapterIds.check(id);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    JobOptions.DEFAULT_ADAPTER.key() + ": " + e.getMessage(), e);
        }
    }

    /** Events of two partitions that are not sorted by time have no order that can be repeated. */
    private static void order(Configuration options, EventOrder.Kind order) {
        if (order == EventOrder.Kind.EVENT_TIME) {
            return;
        }
        var controls = options.getOptional(JobOptions.CONTROL_TOPICS);
        if (controls.isPresent()) {
            throw new IllegalArgumentException(
                    "controls.topics ("
                            + String.join(";", controls.get())
                            + ") must not be set while train.order is arrival. Maybe write controls"
                            + " to the examples' topic under the adapter's key, or set train.order"
                            + " = event-time.");
        }
        // nothing waits for the slowest partition, and none should where it is idle
        var drift = options.getOptional(JobOptions.MAX_DRIFT);
        if (drift.isPresent()) {
            throw new IllegalArgumentException(
                    "examples.max-drift ("
                            + drift.get()
                            + ") must not be set while train.order is arrival. Maybe set"
                            + " train.order = event-time.");
        }
    }

    /** The value of an option that must be there, and say something. */
    static <T> T required(Configuration options, ConfigOption<T> option) {
        T value =
                options.getOptional(option)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "--" + option.key() + " (absent) must be given."));
        boolean blank =
                value instanceof List<?> list
                        ? list.isEmpty() || list.contains("")
                        : value.toString().isBlank();
        if (blank) {
            throw new IllegalArgumentException(
                    "--" + option.key() + " (" + value + ") must not be blank.");
        }
        return value;
    }
}
