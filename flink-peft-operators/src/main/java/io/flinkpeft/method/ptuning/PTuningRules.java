package io.flinkpeft.method.ptuning;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.RowRules;
import io.flinkpeft.method.Serving;
import io.flinkpeft.method.prompt.EncoderTensors;
import io.flinkpeft.method.prompt.VirtualTokens;
import io.flinkpeft.safetensors.TensorView;
import java.util.List;

/**
 * What P-tuning does with a row in training, which holds an encoder; a file holds what it makes.
 *
 * @param encoder which one
 * @param layers of the LSTM
 */
record PTuningRules(PromptEncoder encoder, int layers) implements RowRules {

    @Override
    public void initialize(AttachedMethod method, BaseTensors base, long seed, float[] row) {
        TensorLayout layout = method.tensors();
        EncoderTensors.initialize(
                layout,
                slot ->
                        slot.name().startsWith(LstmEncoder.PREFIX)
                                ? slot.shape().get(0) / LstmEncoder.GATES
                                : MlpEncoder.input(layout, slot),
                seed,
                row);
    }

    @Override
    public Serving serving(AttachedMethod method, float[] row) {
        var tensors = new EncoderTensors(method.tensors(), row);
        float[] prompt =
                switch (encoder) {
                    case MLP -> MlpEncoder.encode(tensors);
                    case LSTM -> LstmEncoder.encode(tensors, layers);
                };
        int rows = tensors.rows(EncoderTensors.EMBEDDING);
        TensorView view =
                TensorView.of(VirtualTokens.EMBEDDINGS, prompt, rows, prompt.length / rows);
        return new Serving(method.config(), List.of(view));
    }
}
