package io.flinkpeft.engine;

import ai.djl.ndarray.NDArray;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records as a program's arguments and results: their components in order, and for a record inside
 * a record its own components in its place.
 */
final class ProgramRecords {

    private static final ClassValue<List<Method>> ACCESSORS =
            new ClassValue<>() {
                @Override
                protected List<Method> computeValue(Class<?> type) {
                    return Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getAccessor)
                            .peek(accessor -> accessor.setAccessible(true))
                            .toList();
                }
            };

    private ProgramRecords() {}

    /** What libtorch takes for a record. */
    static Object[] values(Record arguments) {
        List<Object> values = new ArrayList<>();
        add(arguments, values);
        return values.toArray();
    }

    private static void add(Record arguments, List<Object> values) {
        try {
            for (Method accessor : ACCESSORS.get(arguments.getClass())) {
                Object value = accessor.invoke(arguments);
                if (value instanceof Record inner) {
                    add(inner, values);
                } else {
                    values.add(value);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Record " + arguments.getClass() + " not read.", e);
        }
    }

    /** Records of tensors from what libtorch gave for several of them. */
    static <R extends Record> List<R> cut(List<NDArray> tensors, Class<R> type) {
        try {
            Class<?>[] components =
                    Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            Constructor<R> constructor = type.getDeclaredConstructor(components);
            constructor.setAccessible(true);
            List<R> records = new ArrayList<>();
            for (int i = 0; i < tensors.size(); i += components.length) {
                records.add(
                        constructor.newInstance(
                                tensors.subList(i, i + components.length).toArray()));
            }
            return records;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Record " + type + " not made.", e);
        }
    }
}
