package io.flinkpeft.method.prompt;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.Serving;

/**
 * The tensors of an encoder that makes a prompt, and what its layers compute of them; for files,
 * which hold what the encoder made. Training computes the same in a kernel.
 */
public final class EncoderTensors {

    /** The name of the tensor that an encoder starts from. */
    public static final String EMBEDDING = "embedding.weight";

    private final TensorLayout layout;
    private final float[] row;

    /** Those of a row. */
    public EncoderTensors(TensorLayout layout, float[] row) {
        this.layout = layout;
        this.row = row;
    }

    /** A tensor's values, flat. */
    public float[] values(String name) {
        return Serving.values(slot(name), row);
    }

    /** A tensor's first dimension. */
    public int rows(String name) {
        return slot(name).shape().get(0);
    }

    private TensorLayout.Slot slot(String name) {
        return layout.slots().stream()
                .filter(slot -> slot.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No tensor " + name + "."));
    }

    /** {@code x W^T + b} for the weight and bias of a layer, x [rows, in] flat. */
    public float[] linear(String layer, float[] x) {
        return product(values(layer + ".weight"), values(layer + ".bias"), x);
    }

    /** {@code x w^T + b}, x [rows, in] flat. */
    public static float[] product(float[] w, float[] b, float[] x) {
        int in = w.length / b.length;
        float[] y = new float[x.length / in * b.length];
        for (int i = 0; i < y.length; i++) {
            int from = i / b.length * in;
            int out = i % b.length;
            float sum = b[out];
            for (int j = 0; j < in; j++) {
                sum += x[from + j] * w[out * in + j];
            }
            y[i] = sum;
        }
        return y;
    }

    /** The larger of each value and 0. */
    public static float[] relu(float[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.max(0, x[i]);
        }
        return y;
    }

    /** The hyperbolic tangent of each value. */
    public static float[] tanh(float[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (float) StrictMath.tanh(x[i]);
        }
        return y;
    }

    /**
     * First values as PyTorch has them: the embedding standard normal, all else uniform in {@code
     * ±1/sqrt(in)} of its layer.
     *
     * @param in features of the input that bounds a tensor
     */
    public static void initialize(TensorLayout layout, InputSize in, long seed, float[] row) {
        for (TensorLayout.Slot slot : layout.slots()) {
            long stream = Seeds.derive(seed, slot.name());
            for (int i = 0; i < slot.size(); i++) {
                row[slot.offset() + i] =
                        slot.name().equals(EMBEDDING)
                                ? Seeds.gaussian(stream, i)
                                : (2 * Seeds.uniform(stream, i) - 1)
                                        / (float) Math.sqrt(in.of(slot));
            }
        }
    }

    /** How many features a tensor's layer reads. */
    public interface InputSize {
        /** For a tensor. */
        int of(TensorLayout.Slot slot);
    }
}
