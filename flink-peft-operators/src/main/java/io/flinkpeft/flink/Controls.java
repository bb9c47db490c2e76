package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.flink.config.PublicationPolicy.Decision;
import io.flinkpeft.method.Magnitude;
import io.flinkpeft.train.EventJson;
import io.flinkpeft.train.Trainer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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

    private final Trainer trainer;
    private final Function<Subject, Decision> last;

    /**
     * What controls do.
     *
     * @param last decides on the last version of an adapter
     */
    Controls(Trainer trainer, Function<Subject, Decision> last) {
        this.trainer = trainer;
        this.last = last;
    }

    /** Does what a control says; the adapter itself stays as it is. */
    Done obey(Work.Obey work) {
        Control control = work.control();
        AdapterSettings before = work.subject().settings();
        try {
            check(control);
            return switch (control.action()) {
                case PAUSE -> new Done.Told(work, before.withPaused(true));
                case RESUME -> new Done.Told(work, before.withPaused(false));
                case RESET -> reset(work, before);
                case SET -> set(work);
                case EXPIRE -> expired(work);
                case DROP -> dropped(work);
            };
        } catch (IllegalArgumentException e) {
            var why = EventJson.rejected(control, Cause.CONTROL, e.getMessage());
            return new Done.Refused(work, List.of(why));
        }
    }

    private static void check(Control control) {
        var rate = Optional.ofNullable(control.learningRate());
        var headRate = Optional.ofNullable(control.headLearningRate());
        var method = Optional.ofNullable(control.method());
        boolean sets = rate.isPresent() || headRate.isPresent() || method.isPresent();
        if (sets != (control.action() == Control.Action.SET)) {
            throw new IllegalArgumentException(
                    sets
                            ? "Control ("
                                    + control.action()
                                    + ") must not have settings. Maybe use SET."
                            : "Control (SET) must have learning_rate, head_learning_rate or"
                                    + " method.");
        }
        int length = method.map(String::length).orElse(0);
        if (length > Control.METHOD_LENGTH) {
            throw new IllegalArgumentException(
                    "method ("
                            + length
                            + " characters) must have at most "
                            + Control.METHOD_LENGTH
                            + ".");
        }
        rate.ifPresent(value -> Magnitude.positive("learning_rate", value, ""));
        headRate.ifPresent(value -> Magnitude.atLeastZero("head_learning_rate", value));
    }

    private Done set(Work.Obey work) {
        Control control = work.control();
        AdapterSettings rates =
                work.subject()
                        .settings()
                        .withRates(control.learningRate(), control.headLearningRate());
        if (control.method() == null) {
            return new Done.Told(work, rates);
        }
        trainer.checkMethod(control.method());
        return reset(work, rates.withMethod(control.method()));
    }

    private Done reset(Work.Obey work, AdapterSettings settings) {
        Subject subject = work.subject();
        AdapterSettings first = settings.startingAt(subject.step());
        var next = trainer.create(subject.adapterId(), first);
        return new Done.Ended(work, first, Optional.of(next), Publication.NONE);
    }

    private Done expired(Work.Obey work) {
        Subject subject = work.subject();
        Decision decision = last.apply(subject);
        var publication =
                decision == Decision.CUT
                        ? Publication.of(version(subject))
                        : Publication.without(decision);
        AdapterSettings first = subject.settings().startingAt(subject.step());
        return new Done.Ended(work, first, Optional.empty(), publication);
    }

    private AdapterVersion version(Subject subject) {
        if (subject.onDevice().isPresent()) {
            return trainer.version(subject.onDevice().get());
        }
        try (var brought = subject.bring(trainer)) {
            return trainer.version(brought);
        }
    }

    private static Done dropped(Work.Obey work) {
        Subject subject = work.subject();
        AdapterSettings first = AdapterSettings.DEFAULT.startingAt(subject.step() + 1);
        long time = work.control().timestampMillis();
        var removal = AdapterVersion.removal(subject.adapterId(), first.firstStep(), time);
        return new Done.Ended(work, first, Optional.empty(), Publication.of(removal));
    }
}
