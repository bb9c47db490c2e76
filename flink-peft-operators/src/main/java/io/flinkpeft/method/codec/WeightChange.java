package io.flinkpeft.method.codec;

import java.util.List;
import java.util.Optional;

/** What an adapter's file changes in one layer, so that the layer can be merged. */
public interface WeightChange {

    /** The layer's name in the model. */
    String module();

    /**
     * The shape {@code [out, in]} that the layer's weight must have, or {@code [in, out]} where the
     * model keeps it so.
     *
     * @param weight the shape of the base's weight, for a change that knows one side only
     */
    List<Long> shape(List<Long> weight);

    /** Whether the layer is an embedding, whose weight is {@code [in, out]} in every model. */
    default boolean embedding() {
        return false;
    }

    /** Computes the weight; empty if the change is none. */
    Optional<MergeStep> weight();

    /** Computes the layer's bias; empty if the bias stays. */
    Optional<MergeStep> bias();

    /** Whether a layer without a bias is refused if {@link #bias} is there. */
    default boolean needsBias() {
        return false;
    }
}
