package io.flinkpeft.flink;

import static io.flinkpeft.flink.config.PublicationPolicy.Occasion.END;
import static io.flinkpeft.flink.config.PublicationPolicy.Occasion.STEP;

import io.flinkpeft.flink.config.PublicationPolicy;
import io.flinkpeft.flink.config.PublicationPolicy.Decision;
import io.flinkpeft.flink.config.PublicationPolicy.Occasion;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.Trainer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does work on a trainer, all or none: what a failure leaves on the device is freed. It knows every
 * adapter on the device, wherever that is held. One thread.
 */
final class DeviceSteps implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceSteps.class);

    private final Trainer trainer;
    private final PublicationPolicy policy;
    private final Controls controls;
    private final Set<LiveAdapter> onDevice = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<LiveAdapter> made = new ArrayList<>(); // by the work that is being done

    DeviceSteps(Trainer trainer, PublicationPolicy policy) {
        this.trainer = trainer;
        this.policy = policy;
        this.controls = new Controls(trainer, subject -> decide(subject, END));
    }

    /** Takes a step of a fresh adapter on a text that is known to be good. */
    void trial() {
        trainer.trial();
    }

    /** What came of each piece of work, in order; batches share a step. */
    List<Done> take(List<Work> all) {
        made.clear();
        try {
            return taken(all);
        } catch (Throwable e) {
            made.forEach(this::free);
            throw e;
        }
    }

    private List<Done> taken(List<Work> all) {
        var trained = train(ofKind(Work.Train.class, all)).iterator();
        var done = new ArrayList<Done>();
        for (Work work : all) {
            if (work instanceof Work.Obey obey) {
                done.add(obey(obey));
            } else if (work instanceof Work.Cut cut) {
                done.add(cut(cut));
            } else {
                done.add(trained.next());
            }
        }
        return done;
    }

    private static <W extends Work> List<W> ofKind(Class<W> kind, List<Work> all) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private List<Done> train(List<Work.Train> works) {
        if (works.isEmpty()) {
            return List.of();
        }
        var batches = works.stream().map(this::batch).toList();
        var outcomes = trainer.step(batches);
        outcomes.forEach(outcome -> made(outcome.after()));
        var done = new ArrayList<Done>();
        for (int i = 0; i < outcomes.size(); i++) {
            done.add(trained(works.get(i), batches.get(i).adapter(), outcomes.get(i)));
        }
        return done;
    }

    private Batch batch(Work.Train work) {
        Subject subject = work.subject();
        return new Batch(
                made(subject.bring(trainer)), subject.settings(), work.examples(), work.replayed());
    }

    private Done trained(Work.Train work, LiveAdapter before, BatchOutcome outcome) {
        LiveAdapter after = outcome.after();
        if (after != before) {
            freeUnlessKnown(before, work);
        }
        var decision = decide(new Subject.OnDevice(work.subject().settings(), after), STEP);
        if (decision != Decision.CUT) {
            return new Done.Trained(work, outcome, after, Publication.without(decision));
        }
        var publication = Publication.of(trainer.version(after));
        return new Done.Trained(work, outcome, published(after, work), publication);
    }

    private Done cut(Work.Cut work) {
        Subject subject = work.subject();
        var decision = decide(subject, END); // first: most need not come to the device for it
        if (decision != Decision.CUT) {
            return new Done.Cut(work, subject.onDevice(), Publication.without(decision));
        }
        LiveAdapter adapter = made(subject.bring(trainer));
        var publication = Publication.of(trainer.version(adapter));
        return new Done.Cut(work, Optional.of(published(adapter, work)), publication);
    }

    private Decision decide(Subject subject, Occasion occasion) {
        return policy.decide(subject.candidate(occasion));
    }

    /** The adapter once its version was cut. */
    private LiveAdapter published(LiveAdapter adapter, Work work) {
        LiveAdapter published = made(adapter.published());
        freeUnlessKnown(adapter, work);
        return published;
    }

    private Done obey(Work.Obey work) {
        Done done = controls.obey(work);
        done.adapter().ifPresent(this::made);
        return done;
    }

    private LiveAdapter made(LiveAdapter adapter) {
        if (onDevice.add(adapter)) {
            made.add(adapter);
        }
        return adapter;
    }

    /** Frees an adapter unless the task has it: what was made for this work alone. */
    private void freeUnlessKnown(LiveAdapter adapter, Work work) {
        if (work.subject().onDevice().filter(known -> known == adapter).isEmpty()) {
            free(adapter);
        }
    }

    /** Frees an adapter that is still on the device. */
    void free(LiveAdapter adapter) {
        if (onDevice.remove(adapter)) {
            adapter.close();
        }
    }

    /** Frees all adapters and the trainer. */
    @Override
    public void close() {
        onDevice.forEach(DeviceSteps::close);
        onDevice.clear();
        close(trainer);
    }

    // what fails to be freed must not keep the rest from it
    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("Memory of a trainer was perhaps not freed.", e);
        }
    }
}
