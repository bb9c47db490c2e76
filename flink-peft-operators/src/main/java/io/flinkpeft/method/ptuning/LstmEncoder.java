package io.flinkpeft.method.ptuning;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.prompt.EncoderTensors;
import io.flinkpeft.method.prompt.VirtualTokens;
import java.util.List;

/**
 * P-tuning's bidirectional LSTM and the linear layers behind it, with the names and the order of
 * gates of PyTorch: input, forget, cell, output.
 *
 * @see <a href="https://doi.org/10.1162/neco.1997.9.8.1735">Hochreiter and Schmidhuber, Long
 *     short-term memory, 1997</a>
 */
final class LstmEncoder {

    static final String PREFIX = "lstm_head.";
    static final int GATES = 4;

    private static final String HEAD = "mlp_head.";
    private static final List<String> DIRECTIONS = List.of("", "_reverse");

    private LstmEncoder() {}

    static TensorLayout layout(VirtualTokens tokens, int hidden, int layers) {
        var layout = new TensorLayout.Builder();
        layout.add(EncoderTensors.EMBEDDING, tokens.rows(), tokens.width());
        for (int layer = 0; layer < layers; layer++) {
            int in = layer == 0 ? tokens.width() : 2 * hidden;
            for (String direction : DIRECTIONS) {
                String end = "_l" + layer + direction;
                layout.add(PREFIX + "weight_ih" + end, GATES * hidden, in)
                        .add(PREFIX + "weight_hh" + end, GATES * hidden, hidden)
                        .add(PREFIX + "bias_ih" + end, GATES * hidden)
                        .add(PREFIX + "bias_hh" + end, GATES * hidden);
            }
        }
        MlpEncoder.add(layout, HEAD + 0, 2 * hidden, 2 * hidden);
        MlpEncoder.add(layout, HEAD + 2, tokens.width(), 2 * hidden);
        return layout.build();
    }

    static float[] encode(EncoderTensors tensors, int layers) {
        float[] x = tensors.values(EncoderTensors.EMBEDDING);
        int rows = tensors.rows(EncoderTensors.EMBEDDING);
        for (int layer = 0; layer < layers; layer++) {
            x = bidirectional(tensors, layer, x, rows);
        }
        return tensors.linear(HEAD + 2, EncoderTensors.relu(tensors.linear(HEAD + 0, x)));
    }

    /** The states [rows, 2 h] of both directions. */
    private static float[] bidirectional(EncoderTensors t, int layer, float[] x, int rows) {
        int hidden = t.rows(PREFIX + "bias_ih_l" + layer) / GATES;
        float[] states = new float[rows * 2 * hidden];
        for (int direction = 0; direction < 2; direction++) {
            String end = "_l" + layer + DIRECTIONS.get(direction);
            float[] inputs =
                    EncoderTensors.product(
                            t.values(PREFIX + "weight_ih" + end),
                            t.values(PREFIX + "bias_ih" + end),
                            x);
            float[] recurrent = t.values(PREFIX + "weight_hh" + end);
            float[] bias = t.values(PREFIX + "bias_hh" + end);
            float[] h = new float[hidden];
            float[] c = new float[hidden];
            for (int i = 0; i < rows; i++) {
                int row = direction == 0 ? i : rows - 1 - i;
                float[] gates = EncoderTensors.product(recurrent, bias, h);
                for (int g = 0; g < gates.length; g++) {
                    gates[g] += inputs[row * gates.length + g];
                }
                cell(gates, h, c);
                System.arraycopy(h, 0, states, (2 * row + direction) * hidden, hidden);
            }
        }
        return states;
    }

    /** A step: {@code c = f c + i g, h = o tanh(c)}. */
    private static void cell(float[] gates, float[] h, float[] c) {
        int n = h.length;
        for (int j = 0; j < n; j++) {
            double in = sigmoid(gates[j]);
            double forget = sigmoid(gates[n + j]);
            double candidate = StrictMath.tanh(gates[2 * n + j]);
            double out = sigmoid(gates[3 * n + j]);
            c[j] = (float) (forget * c[j] + in * candidate);
            h[j] = (float) (out * StrictMath.tanh(c[j]));
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }
}
