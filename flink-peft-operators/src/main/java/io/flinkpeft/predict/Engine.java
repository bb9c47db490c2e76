package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.train.Prediction;
import java.nio.file.Path;
import java.util.List;

/** What serving needs of a {@link io.flinkpeft.train.Predictor}; tests put a fake here. */
interface Engine extends AutoCloseable {

    /** An adapter on the device. */
    interface Loaded extends AutoCloseable {

        long bytes();

        /** What a user should know of it and of its base, a line each; usually nothing. */
        default List<String> notes() {
            return List.of();
        }

        @Override
        void close();
    }

    /** A text and the adapter to predict it with; null is the base model alone. */
    record Request(Loaded adapter, String text, String textPair) {}

    /**
     * Brings a version to the device and predicts a short text with it; any thread may do so.
     *
     * @throws IllegalArgumentException if it cannot be used with this base or for the task, or does
     *     not give a finite result; other exceptions are not the version's fault
     */
    Loaded load(AdapterVersion version);

    /** The same for a PEFT directory. */
    Loaded load(String adapterId, Path peftDirectory);

    /**
     * Throws a failure of {@link #predict} again, unless it is the fault of what was asked: not if
     * memory is lacking, the thread was interrupted, or the base alone does not work any more.
     */
    void check(Throwable failure);

    /**
     * Checks that the base model alone can predict.
     *
     * @throws IllegalArgumentException if it has no head for the task, or one that gives something
     *     else than one label of several
     */
    void checkBase();

    /** One result a request, in order; one thread at a time, adapters of any engine. */
    List<? extends Prediction> predict(List<Request> requests);

    @Override
    void close();
}
