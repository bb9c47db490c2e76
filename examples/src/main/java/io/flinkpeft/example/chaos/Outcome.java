package io.flinkpeft.example.chaos;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What became of a schedule.
 *
 * @param workload what was trained
 * @param seed of the schedule
 * @param parallelism of the job
 * @param faults as they hit
 * @param seconds from submission to the end
 * @param difference from the clean run
 * @param failure why the run did not come to its end; null if it did
 */
record Outcome(
        String workload,
        long seed,
        int parallelism,
        List<Hit> faults,
        double seconds,
        Difference difference,
        String failure) {

    /**
     * A fault that hit.
     *
     * @param text what was killed, when
     * @param moment the point of the code, the name of a {@link Moment}
     * @param reached whether a process was held at that point, and not killed elsewhere after a
     *     wait
     * @param again whether it hit a recovery
     * @param recoverySeconds from the kill until the next checkpoint was triggered and complete; -1
     *     if the next fault came first
     */
    record Hit(
            String text, String moment, boolean reached, boolean again, double recoverySeconds) {}

    /** Whether it came to its end; if not, nothing was compared. */
    @JsonIgnore
    boolean isFinished() {
        return failure == null;
    }

    @JsonIgnore
    boolean isIdentical() {
        return isFinished() && difference.isNone();
    }

    /** A line for the reader. */
    String line() {
        return String.format(
                Locale.ROOT,
                "seed %d  %s  lost %d  duplicated %d  parallelism %d  recovery %s s  %.0f s%n%s%s",
                seed,
                verdict(),
                difference.lost().size(),
                difference.duplicated().size(),
                parallelism,
                faults.stream()
                        .filter(hit -> hit.recoverySeconds >= 0)
                        .map(hit -> String.format(Locale.ROOT, "%.1f", hit.recoverySeconds))
                        .collect(Collectors.joining(", ")),
                seconds,
                faults.stream()
                        .map(hit -> "    " + hit.text + System.lineSeparator())
                        .collect(Collectors.joining()),
                isIdentical() ? "" : "    " + reason() + System.lineSeparator());
    }

    private String verdict() {
        if (!isFinished()) {
            return "UNFINISHED";
        }
        return difference.isNone() ? "identical" : "DIFFERENT";
    }

    private String reason() {
        return failure == null ? difference.toString() : failure;
    }
}
