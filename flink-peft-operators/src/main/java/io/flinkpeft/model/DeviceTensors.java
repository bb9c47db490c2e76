package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.InputBuffer;
import io.flinkpeft.safetensors.TensorView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Copies tensors into memory of libtorch; the manager owns them. */
record DeviceTensors(NDManager manager, InputBuffer buffer) {

    DeviceTensors(NDManager manager) {
        this(manager, new InputBuffer());
    }

    /** What the kernel reads, in its order; linear weights in their type. */
    NDArray[] load(CheckpointTensors checkpoint, FrozenDtype dtype) {
        checkpoint.requireAll();
        Modules modules = checkpoint.architecture().modules();
        List<NDArray> loaded = new ArrayList<>();
        try (var caster = new FrozenDtype.Caster(manager)) {
            for (String name : modules.tensors()) {
                if (checkpoint.absent(name)) {
                    loaded.add(manager.zeros(new Shape(0), DataType.FLOAT32));
                    continue;
                }
                NDArray tensor = copy(checkpoint.required(name));
                if (dtype != FrozenDtype.FP32 && modules.isLinearWeight(name)) {
                    loaded.add(caster.cast(manager, tensor, dtype));
                    tensor.close();
                } else {
                    loaded.add(tensor);
                }
            }
        }
        return loaded.toArray(NDArray[]::new);
    }

    /** A copy: what DJL makes of a buffer stays in the buffer. */
    NDArray copy(TensorView view) {
        float[] values = view.toFloats();
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES, values.length))
                        .order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(values);
        long[] shape = view.shape().stream().mapToLong(Long::longValue).toArray();
        try (NDArray window = manager.create(bytes, new Shape(shape), DataType.FLOAT32)) {
            return window.duplicate();
        }
    }

    /**
     * A copy of a vector, made through one direct buffer: one of its own would be freed only when
     * the garbage collector finds it, and adapters come and go. Any thread may call this.
     */
    NDArray copy(float[] values) {
        synchronized (buffer) {
            buffer.clear();
            try (NDArray window = buffer.floats(manager, values, values.length)) {
                return window.duplicate();
            }
        }
    }
}
