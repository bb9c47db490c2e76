package io.flinkpeft.method.prefix;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.RowRules;
import io.flinkpeft.method.Serving;
import io.flinkpeft.method.prompt.EncoderTensors;
import io.flinkpeft.method.prompt.VirtualTokens;
import io.flinkpeft.safetensors.TensorView;
import java.util.Arrays;
import java.util.List;

/**
 * What prefix tuning does with a row, which holds the prefix or an MLP that makes it.
 *
 * @param encoded whether it holds the MLP
 * @param zero whether the prefix starts at zero
 */
record PrefixRules(boolean encoded, boolean zero) implements RowRules {

    static final String FIRST = "transform.0";
    static final String SECOND = "transform.2";

    @Override
    public void initialize(AttachedMethod method, BaseTensors base, long seed, float[] row) {
        TensorLayout layout = method.tensors();
        EncoderTensors.initialize(layout, slot -> input(layout, slot), seed, row);
        for (TensorLayout.Slot slot : layout.slots()) {
            if (zero && (!encoded || slot.name().startsWith(SECOND))) {
                Arrays.fill(row, slot.offset(), slot.offset() + slot.size(), 0);
            }
        }
    }

    /** Of a linear layer the features of its input. */
    private static int input(TensorLayout layout, TensorLayout.Slot slot) {
        String weight = slot.name().replace(".bias", ".weight");
        return layout.slots().stream()
                .filter(other -> other.name().equals(weight))
                .findFirst()
                .orElse(slot)
                .columns();
    }

    @Override
    public Serving serving(AttachedMethod method, float[] row) {
        if (!encoded) {
            return Serving.all(method, row);
        }
        var encoder = new EncoderTensors(method.tensors(), row);
        float[] hidden =
                EncoderTensors.tanh(
                        encoder.linear(FIRST, encoder.values(EncoderTensors.EMBEDDING)));
        TensorView prefix =
                TensorView.of(
                        VirtualTokens.EMBEDDINGS,
                        encoder.linear(SECOND, hidden),
                        encoder.rows(EncoderTensors.EMBEDDING),
                        encoder.rows(SECOND + ".bias"));
        return new Serving(method.config(), List.of(prefix));
    }
}
