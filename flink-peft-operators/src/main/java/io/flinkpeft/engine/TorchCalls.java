package io.flinkpeft.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The calls into DJL's native library that its public API does not offer: running a method of a
 * module with integer, float and list arguments while gradients are recorded.
 */
final class TorchCalls {

    private static final Object LIBRARY;
    private static final MethodHandle RUN_METHOD;
    private static final MethodHandle FROM_TENSOR;
    private static final MethodHandle FROM_TENSORS;
    private static final MethodHandle FROM_LONG;
    private static final MethodHandle FROM_DOUBLE;
    private static final MethodHandle FROM_BOOL;
    private static final MethodHandle FROM_LONGS;
    private static final MethodHandle FROM_DOUBLES;
    private static final MethodHandle TO_TENSORS;
    private static final MethodHandle DELETE;

    static {
        try {
            Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
            Field instance = library.getDeclaredField("LIB");
            instance.setAccessible(true);
            LIBRARY = instance.get(null);
            RUN_METHOD = handle(library, "moduleRunMethod");
            FROM_TENSOR = handle(library, "iValueFromTensor");
            FROM_TENSORS = handle(library, "iValueFromTensorList");
            FROM_LONG = handle(library, "iValueFromLong");
            FROM_DOUBLE = handle(library, "iValueFromDouble");
            FROM_BOOL = handle(library, "iValueFromBool");
            FROM_LONGS = handle(library, "iValueFromLongList");
            FROM_DOUBLES = handle(library, "iValueFromDoubleList");
            TO_TENSORS = handle(library, "iValueToTensorList");
            DELETE = handle(library, "torchDeleteIValue");
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private TorchCalls() {}

    private static MethodHandle handle(Class<?> library, String name)
            throws ReflectiveOperationException {
        for (Method method : library.getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                method.setAccessible(true);
                return MethodHandles.lookup().unreflect(method).bindTo(LIBRARY);
            }
        }
        throw new NoSuchMethodException(
                "DJL's native library has no " + name + ", must be DJL 0.35.1.");
    }

    /** Runs a method that returns a list of tensors; the tensors belong to {@code manager}. */
    static List<NDArray> run(
            long module, String method, boolean gradients, PtNDManager manager, Object... args) {
        long[] inputs = new long[args.length];
        try {
            long result = 0;
            try {
                for (int i = 0; i < args.length; i++) {
                    inputs[i] = toNative(args[i]);
                }
                result = (long) RUN_METHOD.invokeExact(module, method, inputs, gradients, false);
                return tensors((long[]) TO_TENSORS.invokeExact(result), manager);
            } finally {
                delete(inputs);
                delete(result);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("Native call of " + method + " failed.", e);
        }
    }

    private static List<NDArray> tensors(long[] handles, PtNDManager manager) {
        List<NDArray> tensors = new ArrayList<>(handles.length);
        for (long handle : handles) {
            tensors.add(new PtNDArray(manager, handle));
        }
        return tensors;
    }

    private static long toNative(Object arg) throws Throwable {
        if (arg instanceof NDArray tensor) {
            return (long) FROM_TENSOR.invokeExact(handle(tensor));
        } else if (arg instanceof Long value) {
            return (long) FROM_LONG.invokeExact(value.longValue());
        } else if (arg instanceof Double value) {
            return (long) FROM_DOUBLE.invokeExact(value.doubleValue());
        } else if (arg instanceof Boolean value) {
            return (long) FROM_BOOL.invokeExact(value.booleanValue());
        } else if (arg instanceof long[] values) {
            return (long) FROM_LONGS.invokeExact(values);
        } else if (arg instanceof double[] values) {
            return (long) FROM_DOUBLES.invokeExact(values);
        } else if (arg instanceof NDArray[] tensors) {
            return fromTensors(Arrays.asList(tensors));
        } else if (arg instanceof List<?> tensors) {
            return fromTensors(tensors);
        }
        throw new IllegalArgumentException(
                "Argument of type " + arg.getClass() + " must be a tensor, a number or a list.");
    }

    private static long fromTensors(List<?> tensors) throws Throwable {
        long[] handles = tensors.stream().mapToLong(t -> handle((NDArray) t)).toArray();
        return (long) FROM_TENSORS.invokeExact(handles);
    }

    private static long handle(NDArray tensor) {
        return ((PtNDArray) tensor).getHandle();
    }

    private static void delete(long... values) throws Throwable {
        for (long value : values) {
            if (value != 0) {
                DELETE.invokeExact(value);
            }
        }
    }
}
