package io.flinkpeft.engine;

import ai.djl.ndarray.NDArray;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A method of a program as Java calls it. libtorch takes and gives tensors, numbers and lists; the
 * program's text reads and gives named tuples. What stands between is written here from the records
 * of Java, with every argument by its name: a name or a type that only one side has is refused when
 * the program is compiled.
 *
 * <p>{@code expAvg} in Java is {@code exp_avg} in the text. A record inside a record is the named
 * tuple that bears the component's name: {@code batch} is a {@code Batch}.
 *
 * @param method of the text
 * @param arguments of the method
 * @param outputs what the method returns a list of, a record of tensors; empty for tensors
 */
record EntryPoint(
        String method,
        Class<? extends Record> arguments,
        Optional<Class<? extends Record>> outputs) {

    private static final String TENSORS = "java.util.List<" + NDArray.class.getName() + ">";

    private static final Map<Type, String> TYPES =
            Map.of(
                    NDArray.class, "Tensor",
                    long.class, "int",
                    double.class, "float",
                    boolean.class, "bool",
                    long[].class, "List[int]",
                    double[].class, "List[float]");

    /** What Java calls. */
    static String name(String method) {
        return "call_" + method;
    }

    /** The method that Java calls, which calls that of the text. */
    String text() {
        List<String> parameters = new ArrayList<>();
        String call = "self." + method + "(" + arguments(arguments, "", "      ", parameters) + ")";
        String head =
                "def "
                        + name(method)
                        + "(self,\n    "
                        + String.join(",\n    ", parameters)
                        + ") -> List[Tensor]:\n";
        return head + outputs.map(type -> cut(call, type)).orElse("  return " + call + "\n");
    }

    private static String cut(String call, Class<? extends Record> type) {
        String tensors =
                Arrays.stream(type.getRecordComponents())
                        .map(component -> "each." + snakeCase(component.getName()))
                        .collect(Collectors.joining(", "));
        return "  tensors = annotate(List[Tensor], [])\n"
                + ("  for each in " + call + ":\n")
                + ("    tensors.extend([" + tensors + "])\n")
                + "  return tensors\n";
    }

    private static String arguments(
            Class<?> type, String prefix, String indent, List<String> parameters) {
        List<String> arguments = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = snakeCase(component.getName());
            String value = prefix + name;
            if (component.getType().isRecord()) {
                String own = value + "_";
                String tuple = "__torch__." + tupleName(component.getName());
                String inner = arguments(component.getType(), own, indent + "  ", parameters);
                value = tuple + "(" + inner + ")";
            } else {
                parameters.add(value + ": " + torchType(component));
            }
            arguments.add("\n" + indent + name + "=" + value);
        }
        return String.join(",", arguments);
    }

    private static String torchType(RecordComponent component) {
        if (component.getGenericType().getTypeName().equals(TENSORS)) {
            return "List[Tensor]";
        }
        String type = TYPES.get(component.getType());
        if (type == null) {
            throw new IllegalArgumentException(
                    "Argument "
                            + component
                            + " must be a tensor, a number, a boolean, or a list of these.");
        }
        return type;
    }

    private static String tupleName(String component) {
        return component.substring(0, 1).toUpperCase(Locale.ROOT) + component.substring(1);
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
