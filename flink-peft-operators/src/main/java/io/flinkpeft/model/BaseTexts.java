package io.flinkpeft.model;

import io.flinkpeft.engine.BaseText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes what a program knows of its base: the named tuple {@code Base}, and how it is filled. */
final class BaseTexts {

    private final Map<String, List<BaseField>> tuples = new LinkedHashMap<>();

    private BaseTexts() {}

    /**
     * The text for a base.
     *
     * @throws IllegalStateException if modules have a tuple of one name with different fields
     */
    static BaseText of(Modules modules, BaseConstants constants) {
        List<BaseField> fields = modules.fields();
        return new BaseText(new BaseTexts().types(fields, constants), methods(fields, constants));
    }

    private String types(List<BaseField> fields, BaseConstants constants) {
        addTuples(fields);
        StringBuilder text = new StringBuilder();
        tuples.forEach((tuple, own) -> text.append(head(tuple)).append(declared(own)));
        text.append(head("Base")).append("  tensors : List[Tensor]\n").append(declared(fields));
        constants
                .byName()
                .forEach((name, constant) -> text.append(declared(name, constant.type())));
        return text.toString();
    }

    private void addTuples(List<BaseField> fields) {
        for (BaseField field : fields) {
            if (field instanceof BaseField.Group group) {
                addTuple(group.tuple(), group.fields());
            } else if (field instanceof BaseField.Layers layers) {
                addTuple(layers.tuple(), layers.fields());
            }
        }
    }

    /** Equal tuples differ in the places of their tensors. */
    private void addTuple(String tuple, List<BaseField> fields) {
        addTuples(fields);
        List<BaseField> before = tuples.putIfAbsent(tuple, fields);
        if (before != null && !declared(before).equals(declared(fields))) {
            throw new IllegalStateException("Tuples " + tuple + " must have the same fields.");
        }
    }

    private static String head(String tuple) {
        return "class " + tuple + "(NamedTuple):\n";
    }

    private static String declared(List<BaseField> fields) {
        return fields.stream()
                .map(field -> declared(field.name(), field.type()))
                .collect(Collectors.joining());
    }

    private static String declared(String name, String type) {
        return "  " + name + " : " + type + "\n";
    }

    private static String methods(List<BaseField> fields, BaseConstants constants) {
        StringBuilder text = new StringBuilder();
        text.append("def named(self, t: List[Tensor]) -> __torch__.Base:\n");
        for (BaseField field : fields) {
            if (field instanceof BaseField.Layers layers) {
                text.append(layers.statements());
            }
        }
        text.append("  return __torch__.Base(\n    tensors=t");
        fields.forEach(
                field -> text.append(given(field.name(), field.value(BaseField.Origin.START))));
        constants.byName().forEach((name, value) -> text.append(given(name, value.text())));
        return text.append(")\n\n").toString();
    }

    private static String given(String name, String value) {
        return ",\n    " + name + "=" + value;
    }
}
