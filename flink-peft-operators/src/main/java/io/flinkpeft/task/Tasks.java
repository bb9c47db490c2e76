package io.flinkpeft.task;

import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.ModelDirectory;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Every task, and which one is meant. */
public final class Tasks {

    /** The permitted records of {@link Task}, each made without arguments. */
    private static final List<Task> ALL =
            Arrays.stream(Task.class.getPermittedSubclasses()).map(Tasks::instance).toList();

    private Tasks() {}

    private static Task instance(Class<?> task) {
        try {
            return (Task) task.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(task + " must have a constructor without arguments", e);
        }
    }

    /** All of them, in the order in which they are shown. */
    public static List<Task> all() {
        return ALL;
    }

    /** The values of {@code head.kind}. */
    public static List<String> names() {
        return ALL.stream().map(Task::name).toList();
    }

    /**
     * The task of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Task named(String name) {
        return ALL.stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "head.kind ("
                                                + name
                                                + ") must be one of "
                                                + names()
                                                + "."));
    }

    /**
     * What an adapter is for.
     *
     * @param type what its configuration says; if nothing, what the model as it is answers
     */
    public static Task of(TaskType type, ModelDirectory model) {
        List<Task> own = ALL.stream().filter(task -> task.isOwnOf(model)).toList();
        if (type == TaskType.UNSPECIFIED) {
            return own.isEmpty() ? new StreamTask() : own.get(0);
        }
        return own.stream()
                .filter(task -> task.peftType() == type)
                .findFirst()
                .orElseGet(() -> meantBy(type));
    }

    /** The task that PEFT's type stands for where nothing says more. */
    public static Task meantBy(TaskType type) {
        return ALL.stream()
                .filter(task -> task.peftType() == type)
                .reduce((before, task) -> task)
                .orElseThrow();
    }

    /** The words for what texts are predicted for: the values of {@code task} in SQL. */
    public static Set<String> verbs() {
        Set<String> verbs = new LinkedHashSet<>();
        ALL.forEach(task -> verbs.add(task.verb()));
        verbs.add(Embedding.VERB);
        verbs.add(Generation.VERB);
        return verbs;
    }
}
