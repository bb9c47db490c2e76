package io.flinkpeft.train;

import io.flinkpeft.method.TaskType;
import io.flinkpeft.task.Task;
import java.io.Serializable;

/**
 * Which methods of their own adapters may have.
 *
 * @param allowed whether a control may give one; default true
 * @param maxValues how many values it may have, at least 0; 0, the default: the larger of {@value
 *     #TIMES} times those of the configured method and {@value #FLOOR}. Never more than the base
 *     model has
 */
public record MethodRule(boolean allowed, long maxValues) implements Serializable {

    /** Any method of a fair size. */
    public static final MethodRule DEFAULT = new MethodRule(true, 0);

    static final int TIMES = 16;
    static final int FLOOR = 4_000_000;

    public MethodRule {
        if (maxValues < 0) {
            throw new IllegalArgumentException(
                    "controls.max-values ("
                            + maxValues
                            + ") must be at least 0. Maybe use 0, the default: it follows from the"
                            + " job's method.");
        }
    }

    /** How many values a method may have beside a configured one of so many. */
    long most(long configured) {
        return maxValues > 0 ? maxValues : Math.max(TIMES * configured, FLOOR);
    }

    /**
     * Refuses a method for another task than that of the head: its version would be for the head's.
     *
     * @param given what the method says; PEFT has no task for a cloze, and calls it extraction
     */
    static void checkTask(TaskType given, Task task) {
        TaskType must = task.methodType();
        if (given != TaskType.UNSPECIFIED && given != must) {
            throw new IllegalArgumentException(
                    "task_type ("
                            + given
                            + ") must be "
                            + must
                            + " or absent: head.kind is "
                            + task.name()
                            + ".");
        }
    }

    /** Refuses a method if none may be given. */
    void check() {
        if (!allowed) {
            throw new IllegalArgumentException(
                    "method must not be there: controls.methods (false) lets adapters have the"
                            + " job's only.");
        }
    }
}
