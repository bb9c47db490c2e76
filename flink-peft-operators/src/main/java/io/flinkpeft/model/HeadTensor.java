package io.flinkpeft.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A trained tensor of a head.
 *
 * @param name in the checkpoint, such as {@code classifier.weight}
 * @param perLabel whether it has a row for each label, and grows with them
 * @param rest the dimensions; of one per label those behind the labels
 */
public record HeadTensor(String name, boolean perLabel, List<Integer> rest) {

    public HeadTensor {
        rest = List.copyOf(rest);
    }

    /** A tensor with a row for each label. */
    public static HeadTensor perLabel(String name, Integer... rest) {
        return new HeadTensor(name, true, List.of(rest));
    }

    /** A tensor that knows no labels. */
    public static HeadTensor fixed(String name, Integer... shape) {
        return new HeadTensor(name, false, List.of(shape));
    }

    /** Its dimensions with so many labels. */
    public List<Integer> shape(int labels) {
        if (!perLabel) {
            return rest;
        }
        List<Integer> shape = new ArrayList<>(List.of(labels));
        shape.addAll(rest);
        return shape;
    }
}
