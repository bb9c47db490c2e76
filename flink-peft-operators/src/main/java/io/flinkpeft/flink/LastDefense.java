package io.flinkpeft.flink;

import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.train.EventJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what one adapter brings from failing all others. When a joint step throws, its tasks are
 * taken one by one. A batch or a control that throws twice alone becomes dead letters with the
 * reason, and its adapter stays as it was; what the others learn is the same as if it had not been
 * there, since it never depends on who shares a step.
 *
 * <p>What is not of one adapter still fails the task: see {@link TaskFailure}. So does a device or
 * a program that no longer works: before anything is given to the dead letters, a trial step must
 * succeed.
 */
final class LastDefense {

    private static final Logger LOG = LoggerFactory.getLogger(LastDefense.class);

    /** How many adapters are remembered whose last turn threw. */
    private static final int SUSPECTS = 1_000;

    private static final int REASON_LENGTH = 500;

    private final DeviceSteps steps;

    /** They step alone at once; what they learn is the same. */
    private final Map<String, Boolean> suspects =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > SUSPECTS;
                }
            };

    LastDefense(DeviceSteps steps) {
        this.steps = steps;
    }

    /** One result a task. */
    List<StepResult> take(List<StepTask> tasks) {
        var results = new ArrayList<StepResult>();
        var together = new ArrayList<StepTask>();
        for (StepTask task : tasks) {
            if (suspects.containsKey(task.adapterId())) {
                results.add(alone(task));
            } else {
                together.add(task);
            }
        }
        if (!together.isEmpty()) {
            results.addAll(joint(together));
        }
        return results;
    }

    private List<StepResult> joint(List<StepTask> tasks) {
        try {
            return steps.take(tasks);
        } catch (Throwable e) {
            TaskFailure.rethrow(e);
            LOG.debug("A step of {} adapters threw; they are taken one by one.", tasks.size(), e);
            return tasks.stream().map(this::alone).toList();
        }
    }

    private StepResult alone(StepTask task) {
        try {
            return good(task);
        } catch (Throwable e) {
            TaskFailure.rethrow(e);
        }
        try {
            return good(task);
        } catch (Throwable e) {
            TaskFailure.rethrow(e);
            trial(task, e);
            suspects.put(task.adapterId(), true);
            return refused(task, reason(e));
        }
    }

    private StepResult good(StepTask task) {
        var result = steps.take(List.of(task)).get(0);
        suspects.remove(task.adapterId());
        return result;
    }

    private void trial(StepTask task, Throwable failure) {
        try {
            steps.trial();
        } catch (Throwable e) {
            var both =
                    new IllegalStateException(
                            "Adapter "
                                    + task.adapterId()
                                    + " could not take its turn ("
                                    + reason(failure)
                                    + "), and a trial step on a good text must succeed and did not ("
                                    + reason(e)
                                    + "). Maybe the device or a native library is broken.",
                            e);
            both.addSuppressed(failure);
            throw both;
        }
    }

    private static StepResult refused(StepTask task, String why) {
        LOG.warn("Adapter {} could not take its turn: {}", task.adapterId(), why);
        if (task.turn().control() != null) {
            var rejected = EventJson.rejected(task.turn().control(), Cause.FAILURE, why);
            return StepResult.refused(task, List.of(rejected));
        }
        if (task.turn().examples().isEmpty()) {
            return StepResult.nothing(task); // no version is cut
        }
        String reason =
                "Adapter ("
                        + task.adapterId()
                        + ") at step "
                        + task.step()
                        + " must be able to learn: "
                        + why
                        + " Maybe change its settings by a control, or drop it.";
        List<Rejected> rejected =
                task.turn().examples().stream()
                        .map(example -> EventJson.rejected(example, Cause.FAILURE, reason))
                        .toList();
        return StepResult.refused(task, rejected);
    }

    /** The line of a message that says most: of libtorch, whose messages have a trace, the last. */
    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        String line =
                message == null || message.isBlank()
                        ? failure.getClass().getSimpleName()
                        : message.lines()
                                .filter(each -> each.contains("Error: "))
                                .reduce((first, second) -> second)
                                .or(
                                        () ->
                                                message.lines()
                                                        .filter(each -> !each.isBlank())
                                                        .findFirst())
                                .orElseThrow()
                                .strip();
        String cut =
                line.length() > REASON_LENGTH ? line.substring(0, REASON_LENGTH) + "..." : line;
        return cut.endsWith(".") ? cut : cut + ".";
    }
}
