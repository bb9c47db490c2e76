package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.method.Magnitude;
import io.flinkpeft.train.EventJson;
import io.flinkpeft.train.Trainer;
import java.util.List;

/**
 * What a control does to an adapter.
 *
 * <ul>
 *   <li>{@code PAUSE}: what follows is predicted and measured, and nothing is learnt.
 *   <li>{@code RESUME}: what follows is learnt again; what came in between is not.
 *   <li>{@code RESET}: it begins anew with the values that it had at first and without moments,
 *       labels or replayed examples. Settings stay.
 *   <li>{@code SET}: a rate holds from the next step on; under another method it begins anew.
 *   <li>{@code EXPIRE}: a version of all that it learnt is cut, and it is removed. Settings stay,
 *       and so do its versions. What follows begins a new adapter. The trainer itself gives this
 *       control to adapters that are idle.
 *   <li>{@code DROP}: it is removed, its settings too, and a version without payload says so. What
 *       follows begins a new adapter.
 * </ul>
 *
 * <p>An adapter that begins anew counts its steps on, so that the name of a version never comes
 * twice; of one that was dropped its last step stays in state. A control that cannot be obeyed
 * changes nothing and becomes a dead letter; so does one that throws, see {@link LastDefense}.
 */
final class Controls {

    private Controls() {}

    /** Applies the control of a task, whose adapter it leaves as it is. */
    static StepResult apply(StepTask task, Trainer trainer) {
        Control control = task.turn().control();
        AdapterSettings before = task.settings();
        try {
            check(control);
            return switch (control.action()) {
                case PAUSE -> StepResult.goesOn(task, before.withPaused(true));
                case RESUME -> StepResult.goesOn(task, before.withPaused(false));
                case RESET -> anew(task, before, trainer);
                case SET -> set(task, trainer);
                case EXPIRE -> expired(task, trainer);
                case DROP -> dropped(task);
            };
        } catch (IllegalArgumentException e) {
            var why = EventJson.rejected(control, Cause.CONTROL, e.getMessage());
            return StepResult.refused(task, List.of(why));
        }
    }

    private static void check(Control control) {
        boolean sets =
                control.learningRate() != null
                        || control.headLearningRate() != null
                        || control.method() != null;
        if (sets != (control.action() == Control.Action.SET)) {
            throw new IllegalArgumentException(
                    sets
                            ? "Control ("
                                    + control.action()
                                    + ") must not have settings. Maybe use SET."
                            : "Control (SET) must have learning_rate, head_learning_rate or"
                                    + " method.");
        }
        if (control.method() != null && control.method().length() > Control.METHOD_LENGTH) {
            throw new IllegalArgumentException(
                    "method ("
                            + control.method().length()
                            + " characters) must have at most "
                            + Control.METHOD_LENGTH
                            + ".");
        }
        if (control.learningRate() != null) {
            Magnitude.positive("learning_rate", control.learningRate(), "");
        }
        if (control.headLearningRate() != null) {
            Magnitude.atLeastZero("head_learning_rate", control.headLearningRate());
        }
    }

    private static StepResult set(StepTask task, Trainer trainer) {
        Control control = task.turn().control();
        AdapterSettings rates =
                task.settings().withRates(control.learningRate(), control.headLearningRate());
        if (control.method() == null) {
            return StepResult.goesOn(task, rates);
        }
        trainer.checkMethod(control.method());
        return anew(task, rates.withMethod(control.method()), trainer);
    }

    private static StepResult anew(StepTask task, AdapterSettings settings, Trainer trainer) {
        AdapterSettings first = settings.startingAt(task.step());
        return StepResult.anew(task, first, trainer.create(task.adapterId(), first), null);
    }

    private static StepResult expired(StepTask task, Trainer trainer) {
        boolean due = task.publish().now().due(task.step(), task.examples());
        AdapterVersion last = due ? version(task, trainer) : null;
        return StepResult.anew(task, task.settings().startingAt(task.step()), null, last);
    }

    private static AdapterVersion version(StepTask task, Trainer trainer) {
        if (task.hot() != null) {
            return trainer.version(task.hot());
        }
        try (var restored = trainer.restore(task.state(), task.settings())) {
            return trainer.version(restored);
        }
    }

    private static StepResult dropped(StepTask task) {
        AdapterSettings first = AdapterSettings.DEFAULT.startingAt(task.step() + 1);
        long time = task.turn().control().timestampMillis();
        var removal = AdapterVersion.removal(task.adapterId(), first.firstStep(), time);
        return StepResult.anew(task, first, null, removal);
    }
}
