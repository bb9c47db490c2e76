package io.flinkpeft.method.codec;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.safetensors.DType;
import io.flinkpeft.safetensors.TensorView;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An adapter as PEFT exchanges it.
 *
 * @param config the method and its settings
 * @param baseModelName where the base model is found; may be empty
 * @param tensors by PEFT's names, such as {@code
 *     base_model.model.encoder.layer.0.attention.self.query.lora_A.weight}
 */
public record PeftAdapter(
        PeftConfig config, String baseModelName, SortedMap<String, TensorView> tensors) {

    /** What PEFT puts before the name of every module. */
    public static final String PREFIX = "base_model.model.";

    /** How the names end of weights that are the base's own. */
    public static final String BASE_WEIGHT = ".base_layer.weight";

    private static final Set<DType> FLOATS = Set.of(DType.F32, DType.F16, DType.BF16, DType.F64);

    public PeftAdapter {
        tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
        for (TensorView tensor : tensors.values()) {
            if (!FLOATS.contains(tensor.dtype())) {
                throw new IllegalArgumentException(
                        "Tensor "
                                + tensor.name()
                                + " has type "
                                + tensor.dtype()
                                + ", must have one of "
                                + new TreeSet<>(FLOATS)
                                + ".");
            }
        }
    }

    /** An adapter of these tensors. */
    public static PeftAdapter of(
            PeftConfig config, String baseModelName, Collection<TensorView> tensors) {
        var byName = new TreeMap<String, TensorView>();
        tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
        return new PeftAdapter(config, baseModelName, byName);
    }

    /**
     * Checks that the tensors are those that the base model needs, and that their values are
     * numbers.
     *
     * @param expected the dimensions of each tensor, by name
     * @return this adapter
     * @throws IllegalArgumentException with the first tensors that are missing, not expected, of
     *     another shape, or not finite
     */
    public PeftAdapter checked(Map<String, List<Long>> expected) {
        refuse("lacks tensors ", "", expected.keySet(), tensors.keySet());
        refuse(
                "has tensors ",
                " that the model has no place for",
                tensors.keySet(),
                expected.keySet());
        for (TensorView tensor : tensors.values()) {
            List<Long> shape = expected.get(tensor.name());
            if (!tensor.shape().equals(shape)) {
                throw new IllegalArgumentException(
                        "The adapter has shape "
                                + tensor.shape()
                                + " for "
                                + tensor.name()
                                + ", the model needs "
                                + shape
                                + ". Maybe it is for another base model.");
            }
            for (float value : tensor.toFloats()) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "The adapter has a value ("
                                    + value
                                    + ") in "
                                    + tensor.name()
                                    + ", must have finite values only.");
                }
            }
        }
        return this;
    }

    private static void refuse(String what, String why, Set<String> some, Set<String> others) {
        List<String> surplus = some.stream().filter(n -> !others.contains(n)).sorted().toList();
        if (!surplus.isEmpty()) {
            throw new IllegalArgumentException(
                    "The adapter "
                            + what
                            + surplus.subList(0, Math.min(3, surplus.size()))
                            + (surplus.size() > 3 ? " and " + (surplus.size() - 3) + " more" : "")
                            + why
                            + ". Maybe it is for another base model.");
        }
    }
}
