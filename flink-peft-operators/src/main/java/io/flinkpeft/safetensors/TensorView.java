package io.flinkpeft.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A named tensor: a window on bytes that it does not copy.
 *
 * <p>Immutable as long as nobody writes to the buffer it was made from; may then be used by several
 * threads.
 *
 * @param name the name in the file
 * @param dtype the element type
 * @param shape the dimensions, outermost first; empty for a scalar
 * @param data the elements, row-major, little-endian; read-only, every call gives its own position
 */
public record TensorView(String name, DType dtype, List<Long> shape, ByteBuffer data) {

    public TensorView {
        shape = List.copyOf(shape);
        data = data.slice().asReadOnlyBuffer();
        long expected;
        try {
            expected = dtype.bytes(Shapes.elements(shape));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "Tensor " + name + " has an impossible shape " + shape + ": " + e.getMessage());
        }
        if (expected != data.remaining()) {
            throw new IllegalArgumentException(
                    "Tensor "
                            + name
                            + " has "
                            + data.remaining()
                            + " bytes, "
                            + dtype
                            + shape
                            + " must have "
                            + expected
                            + ".");
        }
    }

    /** An F32 tensor with a copy of these values. */
    public static TensorView of(String name, float[] values, long... shape) {
        var data =
                ByteBuffer.allocate(Math.multiplyExact(4, values.length))
                        .order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new TensorView(name, DType.F32, Arrays.stream(shape).boxed().toList(), data);
    }

    @Override
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The dimensions as an array. */
    public long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** The number of elements. */
    public long elements() {
        return Shapes.elements(shape);
    }

    /** The same tensor under another name. */
    public TensorView named(String other) {
        return new TensorView(other, dtype, shape, data);
    }

    /**
     * The elements as floats: exact for F32, F16 and BF16, rounded for F64.
     *
     * @throws IllegalStateException if they are of another type
     */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(elements())];
        ByteBuffer bytes = data();
        switch (dtype) {
            case F32 -> bytes.asFloatBuffer().get(values);
            case F64 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) bytes.getDouble();
                }
            }
            case BF16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat(bytes.getShort() << 16);
                }
            }
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = HalfFloat.toFloat(bytes.getShort());
                }
            }
            default ->
                    throw new IllegalStateException(
                            "Tensor "
                                    + name
                                    + " has type "
                                    + dtype
                                    + ", must be F32, F16, BF16 or F64 to be read as floats.");
        }
        return values;
    }

    /**
     * The same values in another type: F32, F16 or BF16, rounded to the nearest, ties to even.
     *
     * @throws IllegalStateException if either type is another
     */
    public TensorView as(DType other) {
        if (other == dtype) {
            return this;
        }
        float[] values = toFloats();
        var bytes =
                ByteBuffer.allocate(Math.toIntExact(other.bytes(values.length)))
                        .order(ByteOrder.LITTLE_ENDIAN);
        switch (other) {
            case F32 -> bytes.asFloatBuffer().put(values);
            case BF16 -> {
                for (int i = 0; i < values.length; i++) {
                    bytes.putShort(2 * i, bfloat16(values[i]));
                }
            }
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    bytes.putShort(2 * i, HalfFloat.fromFloat(values[i]));
                }
            }
            default ->
                    throw new IllegalStateException(
                            "Tensor " + name + " cannot become " + other + ".");
        }
        return new TensorView(name, other, shape, bytes);
    }

    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.isNaN(value)
                ? (short) 0x7fc0
                : (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    @Override
    public String toString() {
        return name + " " + dtype + shape;
    }
}
