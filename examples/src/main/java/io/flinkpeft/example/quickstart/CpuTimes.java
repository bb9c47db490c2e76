package io.flinkpeft.example.quickstart;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

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
    private Map<String, Double> seconds() {
        var seconds = new HashMap<String, Double>();
        nanos.forEach((thread, time) -> seconds.merge(parts.get(thread), time / 1e9, Double::sum));
        return seconds;
    }

    /** All parts in words. */
    String described() {
        var words = new StringBuilder();
        double rest = total();
        for (var part : new TreeMap<>(seconds()).entrySet()) {
            words.append(String.format(Locale.ROOT, "%s %.0f s, ", part.getKey(), part.getValue()));
            rest -= part.getValue();
        }
        return words + String.format(Locale.ROOT, "all else %.0f s", rest);
    }

    /** Seconds of the whole process. */
    private static double total() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }
}
