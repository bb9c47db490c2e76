package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Request;
import java.nio.file.Path;
import java.util.List;

/**
 * Predicts with many adapters over one frozen base model.
 *
 * <p>Order of use: {@link #load} for each adapter, or {@link #alone}, {@link #predict}, {@link
 * #close}. {@link #predict} by one thread at a time, {@link #load} by any.
 */
public interface Predictor extends AutoCloseable {

    /**
     * Brings a version to the device.
     *
     * @throws IllegalArgumentException if it is of another base, broken, or of an unknown method;
     *     other exceptions are not the version's fault
     */
    ServingAdapter load(AdapterVersion version);

    /**
     * Brings a PEFT directory to the device.
     *
     * @param adapterId the id it serves under; its step is 0
     * @throws IllegalArgumentException if it cannot be used with this base, or has a tokenizer that
     *     makes other tokens
     */
    ServingAdapter load(String adapterId, Path peftDirectory);

    /**
     * The base model without an adapter; it is closed with this predictor.
     *
     * @throws IllegalArgumentException if the base has no head to be asked
     */
    ServingAdapter alone();

    /**
     * Predicts texts of any mix of adapters together.
     *
     * @param requests with adapters that this predictor, or another one over the same base, loaded
     * @return one a request, in order, of the form of what its adapter is asked
     */
    List<Prediction> predict(List<Request<ServingAdapter>> requests);

    /**
     * Throws a failure of {@link #predict} again, unless it is the fault of what was asked: if
     * memory is lacking, the thread was interrupted, or the base alone does not work any more.
     */
    void check(Throwable failure);

    /** Frees what this predictor holds; the base model stays loaded for others. */
    @Override
    void close();
}
