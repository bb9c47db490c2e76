package io.flinkpeft.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a program must know of its base besides the tensors, each by its name: fields of the
 * program's {@code Base}.
 */
public final class BaseConstants {

    /**
     * A constant.
     *
     * @param type as the program writes it
     * @param text the expression of its value
     * @param values as numbers
     */
    record Constant(String type, String text, double... values) {}

    private final Map<String, Constant> constants = new LinkedHashMap<>();

    /** A whole number. */
    BaseConstants with(String name, long value) {
        return with(name, new Constant("int", Long.toString(value), value));
    }

    /** A number. */
    BaseConstants with(String name, double value) {
        return with(name, new Constant("float", Double.toString(value), value));
    }

    /** A choice. */
    BaseConstants with(String name, boolean value) {
        return with(name, new Constant("bool", value ? "True" : "False", value ? 1 : 0));
    }

    /** Several numbers. */
    BaseConstants with(String name, float[] values) {
        double[] exact = IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
        String text =
                Arrays.stream(exact)
                        .mapToObj(Double::toString)
                        .collect(Collectors.joining(", ", "[", "]"));
        return with(name, new Constant("List[float]", text, exact));
    }

    private BaseConstants with(String name, Constant constant) {
        constants.put(name, constant);
        return this;
    }

    Map<String, Constant> byName() {
        return constants;
    }

    /** A constant's numbers: several for one that is a list. */
    public double[] numbers(String name) {
        return constants.get(name).values().clone();
    }
}
