package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterVersion;
import java.nio.file.Path;
import java.util.List;

/**
 * Predicts with many adapters over one frozen base model.
 *
 * <p>Order of use: {@link #open}, {@link #load} for each version, {@link #classify}, {@link
 * #close}. {@link #classify} by one thread at a time, {@link #load} by any.
 */
public final class Predictor implements AutoCloseable {

    /**
     * A text to classify.
     *
     * @param adapter the adapter; null predicts with the base model alone, where it has a head
     * @param text the text
     * @param textPair the second text of a pair; null if there is none
     */
    public record Request(ServingAdapter adapter, String text, String textPair) {}

    /**
     * Loads the base model, or shares one that is loaded.
     *
     * @param model the base: a Hugging Face directory, or the name of one on the class path
     * @param device {@code cpu}, {@code gpu:i} or {@code auto}
     * @param dtype {@code fp32}, {@code bf16} or {@code auto}
     * @param maxTokens longer texts are truncated
     * @throws IllegalArgumentException if one of these cannot be used
     */
    public static Predictor open(String model, String device, String dtype, int maxTokens) {
        throw new UnsupportedOperationException();
    }

    /** SHA-256 of the base model's tensors, hex. */
    public String baseHash() {
        throw new UnsupportedOperationException();
    }

    /**
     * Brings a version to the device.
     *
     * @throws IllegalArgumentException if it is of another base, broken, or of an unknown method
     */
    public ServingAdapter load(AdapterVersion version) {
        throw new UnsupportedOperationException();
    }

    /**
     * Brings a PEFT directory to the device.
     *
     * @param adapterId the id it serves under; its step is 0
     * @throws IllegalArgumentException if it cannot be used with this base
     */
    public ServingAdapter load(String adapterId, Path peftDirectory) {
        throw new UnsupportedOperationException();
    }

    /** Predicts texts of any mix of adapters together; one result a request, in order. */
    public List<Classification> classify(List<Request> requests) {
        throw new UnsupportedOperationException();
    }

    /** Frees what this predictor holds; the base model stays loaded for others. */
    @Override
    public void close() {}
}
