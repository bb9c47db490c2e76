package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.model.BaseModel;
import java.util.ArrayList;
import java.util.List;

/**
 * Adapters on a base as a program's {@code Adapted}; {@code kernels/types.py} says what is what.
 *
 * @param tensors of the base, then those that the method keeps beside them
 * @param rows the trained values of each adapter
 * @param paramSizes how many values each param of a row has
 * @param paramColumns how wide it is; 0 for a vector
 * @param headIndex the first of the head's params
 * @param paramIndex for each place of the base a method's param
 * @param scales for each site the factor of its change
 * @param methodConstants what else the method's program needs
 * @param replaced for each tensor of the base the param that stands for it, or -1; or empty
 */
record Adapted(
        List<NDArray> tensors,
        List<NDArray> rows,
        long[] paramSizes,
        long[] paramColumns,
        long headIndex,
        long[] paramIndex,
        double[] scales,
        double[] methodConstants,
        long[] replaced) {

    /** Adapters of one layout, by their rows. */
    static Adapted of(BaseModel base, RowLayout rowLayout, List<NDArray> rows) {
        AttachedMethod attachment = rowLayout.attached();
        return new Adapted(
                tensors(base, attachment),
                rows,
                rowLayout.tensors().sizes(),
                rowLayout.tensors().columns(),
                rowLayout.headPlace(),
                attachment.slots(),
                attachment.scales(),
                attachment.numbers(),
                attachment.replaced());
    }

    private static List<NDArray> tensors(BaseModel base, AttachedMethod attachment) {
        List<NDArray> tensors = new ArrayList<>(List.of(base.tensors()));
        attachment.frozen().forEach(frozen -> tensors.addAll(base.frozen(frozen)));
        return tensors;
    }
}
