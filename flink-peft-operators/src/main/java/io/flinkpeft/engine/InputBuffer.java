package io.flinkpeft.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One direct buffer for the inputs of every step. Buffers made for each step would be freed only
 * when the garbage collector finds them, long after the container's memory is used up.
 *
 * <p>The tensors are windows on the buffer: they are valid until the next {@link #clear}. One
 * thread at a time.
 */
public final class InputBuffer {

    private static final int ALIGNMENT = 64;

    private ByteBuffer buffer = allocate(1 << 16);

    /** Forgets all tensors made so far. */
    public void clear() {
        buffer.clear();
    }

    /** An int64 tensor. */
    public NDArray longs(NDManager scope, long[] values, long... shape) {
        ByteBuffer window = window(Math.multiplyExact(8, values.length));
        window.asLongBuffer().put(values);
        return scope.create(window, new Shape(shape), DataType.INT64);
    }

    /** A float32 tensor. */
    public NDArray floats(NDManager scope, float[] values, long... shape) {
        ByteBuffer window = window(Math.multiplyExact(4, values.length));
        window.asFloatBuffer().put(values);
        return scope.create(window, new Shape(shape), DataType.FLOAT32);
    }

    private ByteBuffer window(int bytes) {
        int start = Math.addExact(buffer.position(), ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (start + (long) bytes > buffer.capacity()) {
            // tensors made before keep the old buffer alive until they are closed
            buffer = allocate(Math.max(2 * buffer.capacity(), Math.addExact(bytes, ALIGNMENT)));
            start = 0;
        }
        buffer.position(start + bytes);
        return buffer.slice(start, bytes).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes + ALIGNMENT).alignedSlice(ALIGNMENT);
    }
}
