package io.flinkpeft.method.ptuning;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.prompt.EncoderTensors;
import io.flinkpeft.method.prompt.VirtualTokens;

/** P-tuning's MLP. */
final class MlpEncoder {

    private static final String HEAD = "mlp_head.";

    private MlpEncoder() {}

    static TensorLayout layout(VirtualTokens tokens, int hidden) {
        var layout = new TensorLayout.Builder();
        layout.add(EncoderTensors.EMBEDDING, tokens.rows(), tokens.width());
        add(layout, HEAD + 0, hidden, tokens.width());
        add(layout, HEAD + 2, hidden, hidden);
        add(layout, HEAD + 4, tokens.width(), hidden);
        return layout.build();
    }

    static void add(TensorLayout.Builder layout, String layer, int out, int in) {
        layout.add(layer + ".weight", out, in).add(layer + ".bias", out);
    }

    /** Of a linear layer the features of its input. */
    static int input(TensorLayout layout, TensorLayout.Slot slot) {
        String weight = slot.name().replace(".bias", ".weight");
        return layout.slots().stream()
                .filter(other -> other.name().equals(weight))
                .findFirst()
                .orElseThrow()
                .columns();
    }

    static float[] encode(EncoderTensors tensors) {
        float[] h = tensors.linear(HEAD + 0, tensors.values(EncoderTensors.EMBEDDING));
        h = tensors.linear(HEAD + 2, EncoderTensors.relu(h));
        return tensors.linear(HEAD + 4, EncoderTensors.relu(h));
    }
}
