package io.flinkpeft.flink;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what one adapter brings from failing all others. When a joint step throws, its work is done
 * one by one. A batch or a control that throws twice alone becomes dead letters with the reason,
 * and its adapter stays as it was; what the others learn is the same as if it had not been there,
 * since it never depends on who shares a step.
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

    /** What came of each piece of work; that of suspects comes first. */
    List<Done> take(List<Work> all) {
        var done = new ArrayList<Done>();
        var together = new ArrayList<Work>();
        for (Work work : all) {
            if (suspects.containsKey(work.subject().adapterId())) {
                done.add(alone(work));
            } else {
                together.add(work);
            }
        }
        if (!together.isEmpty()) {
            done.addAll(joint(together));
        }
        return done;
    }

    private List<Done> joint(List<Work> together) {
        try {
            return steps.take(together);
        } catch (Throwable e) {
            TaskFailure.rethrow(e);
            LOG.debug(
                    "A step of {} adapters threw; they are taken one by one.", together.size(), e);
            return together.stream().map(this::alone).toList();
        }
    }

    private Done alone(Work work) {
        try {
            return good(work);
        } catch (Throwable e) {
            TaskFailure.rethrow(e);
        }
        try {
            return good(work);
        } catch (Throwable e) {
            TaskFailure.rethrow(e);
            trial(work, e);
            suspects.put(work.subject().adapterId(), true);
            return refused(work, reason(e));
        }
    }

    private Done good(Work work) {
        var done = steps.take(List.of(work)).get(0);
        suspects.remove(work.subject().adapterId());
        return done;
    }

    private void trial(Work work, Throwable failure) {
        try {
            steps.trial();
        } catch (Throwable e) {
            var both =
                    new IllegalStateException(
                            "Adapter "
                                    + work.subject().adapterId()
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

    private static Done refused(Work work, String why) {
        LOG.warn("Adapter {} could not take its turn: {}", work.subject().adapterId(), why);
        return new Done.Refused(work, work.givenUp(why));
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
