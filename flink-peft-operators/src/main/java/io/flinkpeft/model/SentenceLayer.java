package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.safetensors.Limits;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What a module of sentence-transformers makes of a text's vector. Used by any threads. */
interface SentenceLayer {

    /**
     * The vector behind the module.
     *
     * @throws IllegalArgumentException if it is of another length
     */
    float[] apply(float[] vector);

    /** {@code Normalize}: a vector of length 1. */
    static float[] normalized(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double norm = Math.max(Math.sqrt(squares), 1e-12);
        float[] normalized = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            normalized[i] = (float) (vector[i] / norm);
        }
        return normalized;
    }

    /** The functions of a {@code Dense}. */
    enum Activation {
        IDENTITY("torch.nn.modules.linear.Identity"),
        TANH("torch.nn.modules.activation.Tanh"),
        RELU("torch.nn.modules.activation.ReLU"),
        SIGMOID("torch.nn.modules.activation.Sigmoid");

        private final String name;

        Activation(String name) {
            this.name = name;
        }

        static Activation of(String name) {
            return Arrays.stream(values())
                    .filter(activation -> activation.name.equals(name))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            "activation_function ("
                                                    + name
                                                    + ") must be Identity, Tanh, ReLU or Sigmoid of"
                                                    + " torch.nn"));
        }

        private double of(double x) {
            return switch (this) {
                case IDENTITY -> x;
                case TANH -> Math.tanh(x);
                case RELU -> Math.max(0, x);
                case SIGMOID -> 1 / (1 + Math.exp(-x));
            };
        }
    }

    /**
     * {@code Dense}: a linear layer and a function.
     *
     * @param weight [out, in]
     * @param bias [out]
     * @param in the length of what it reads
     * @param activation the function
     */
    record Dense(float[] weight, float[] bias, int in, Activation activation)
            implements SentenceLayer {

        private static final String VECTOR = "sentence_embedding";

        /** Reads the folder of one. */
        static Dense read(Path folder) throws IOException {
            Path settings = folder.resolve("config.json");
            Path file = folder.resolve("model.safetensors");
            for (Path needed : List.of(settings, file)) {
                if (!Files.isRegularFile(needed)) {
                    throw new IllegalArgumentException("File (" + needed + ") must exist");
                }
            }
            JsonNode config = JsonFiles.read(settings);
            for (String end : List.of("module_input_name", "module_output_name")) {
                String name = config.path(end).asText(VECTOR);
                if (!name.equals(VECTOR)) {
                    throw new IllegalArgumentException(end + " (" + name + ") must be " + VECTOR);
                }
            }
            if (config.path("use_residual").asBoolean()) {
                throw new IllegalArgumentException("use_residual (true) must be false");
            }
            SafetensorsFile tensors =
                    SafetensorsFile.of(ByteBuffer.wrap(Files.readAllBytes(file)), Limits.ADAPTER);
            int in = config.path("in_features").asInt();
            int out = config.path("out_features").asInt();
            float[] bias =
                    config.path("bias").asBoolean(true)
                            ? values(tensors, "linear.bias", out)
                            : new float[out];
            return new Dense(
                    values(tensors, "linear.weight", out, in),
                    bias,
                    in,
                    Activation.of(config.path("activation_function").asText()));
        }

        private static float[] values(SafetensorsFile file, String name, long... shape) {
            TensorView tensor = file.tensors().get(name);
            if (tensor == null || !Arrays.equals(tensor.dimensions(), shape)) {
                throw new IllegalArgumentException(
                        name
                                + " ("
                                + (tensor == null ? "absent" : tensor.shape())
                                + ") must have shape "
                                + Arrays.toString(shape));
            }
            return tensor.toFloats();
        }

        @Override
        public float[] apply(float[] vector) {
            if (vector.length != in) {
                throw new IllegalArgumentException(
                        "in_features ("
                                + in
                                + ") of module Dense must be "
                                + vector.length
                                + ", the length of the vector before it.");
            }
            float[] result = new float[bias.length];
            for (int row = 0; row < bias.length; row++) {
                double sum = bias[row];
                for (int i = 0; i < in; i++) {
                    sum += (double) weight[row * in + i] * vector[i];
                }
                result[row] = (float) activation.of(sum);
            }
            return result;
        }
    }
}
