package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.task.Inference;
import io.flinkpeft.task.Task;
import java.util.List;

/**
 * An adapter as a row, and how it is laid out.
 *
 * @param adapterId whose it is
 * @param step of its version
 * @param task what it was trained for
 * @param asked what it is asked
 * @param head of what is asked
 * @param labels in the order of the logits
 * @param rowLayout of the row
 * @param row its values
 * @param notes a line each
 */
record ServingRow(
        String adapterId,
        long step,
        Task task,
        Inference asked,
        ModelHead head,
        List<String> labels,
        RowLayout rowLayout,
        NDArray row,
        List<String> notes)
        implements ServingAdapter {

    ServingRow {
        labels = List.copyOf(labels);
        notes = List.copyOf(notes);
    }

    ServingRow(
            String adapterId,
            long step,
            Head head,
            List<String> labels,
            RowLayout rowLayout,
            NDArray row) {
        this(
                adapterId,
                step,
                head.task(),
                head.task(),
                head.module(),
                labels,
                rowLayout,
                row,
                List.of());
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * rowLayout.tensors().size();
    }

    /** The same adapter in another form. */
    ServingRow with(RowLayout other, NDArray otherRow) {
        return new ServingRow(adapterId, step, task, asked, head, labels, other, otherRow, notes);
    }

    ServingRow with(List<String> more) {
        return new ServingRow(adapterId, step, task, asked, head, labels, rowLayout, row, more);
    }

    /** The same adapter in the same memory, asked something else. */
    ServingRow asking(Inference other, BaseModel base) {
        return new ServingRow(
                adapterId,
                step,
                task,
                other.on(base),
                other.head(base),
                labels,
                rowLayout,
                row,
                notes);
    }

    @Override
    public void close() {
        row.close();
    }

    /** By identity: each has a memory of its own. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
