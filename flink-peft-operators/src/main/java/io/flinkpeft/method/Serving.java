package io.flinkpeft.method;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.safetensors.TensorView;
import java.util.Arrays;
import java.util.List;

/**
 * What of a method's part of a row predicts, as files and versions hold it. It may be less than
 * what trains: an encoder that makes a prompt stays behind.
 *
 * @param config the settings as a file says them
 * @param tensors by their names in the row's layout for prediction, in its order
 */
public record Serving(PeftConfig config, List<TensorView> tensors) {

    public Serving {
        tensors = List.copyOf(tensors);
    }

    /** All that trains predicts too. */
    public static Serving all(AttachedMethod attachment, float[] row) {
        List<TensorView> tensors =
                attachment.tensors().slots().stream().map(slot -> view(slot, row)).toList();
        return new Serving(attachment.config(), tensors);
    }

    private static TensorView view(TensorLayout.Slot slot, float[] row) {
        long[] shape = slot.shape().stream().mapToLong(Integer::longValue).toArray();
        return TensorView.of(slot.name(), values(slot, row), shape);
    }

    /** The values of one of a row's tensors. */
    public static float[] values(TensorLayout.Slot slot, float[] row) {
        return Arrays.copyOfRange(row, slot.offset(), slot.offset() + slot.size());
    }
}
