package io.flinkpeft.example.quickstart;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * Processor time by what it was spent on, from the threads of this JVM. A thread that ends between
 * two samples loses what it did after the first.
 */
final class CpuTimes {

    private static final Map<String, String> PARTS =
            Map.of(
                    "peft-trainer", "Training, LoRA and baseline",
                    "flink-peft-predict", "ML_PREDICT");

    private final Map<Long, Long> nanos = new HashMap<>();
    private final Map<Long, String> parts = new HashMap<>();

    /** Notes the times of all threads that live. */
    void sample() {
        var threads = ManagementFactory.getThreadMXBean();
        for (var info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info == null) {
                continue;
            }
            PARTS.forEach(
                    (start, part) -> {
                        if (info.getThreadName().startsWith(start)) {
                            parts.put(info.getThreadId(), part);
                            nanos.put(
                                    info.getThreadId(),
                                    threads.getThreadCpuTime(info.getThreadId()));
                        }
                    });
        }
    }

    /** Seconds by part. */
    Map<String, Double> seconds() {
        var seconds = new HashMap<String, Double>();
        nanos.forEach((thread, time) -> seconds.merge(parts.get(thread), time / 1e9, Double::sum));
        return seconds;
    }

    /** Seconds of the whole process. */
    double total() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }
}
