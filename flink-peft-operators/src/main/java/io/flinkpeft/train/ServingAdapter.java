package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * An adapter on the device in the form that predicts. Immutable; may be used by several threads.
 */
public final class ServingAdapter implements AutoCloseable {

    private final String adapterId;
    private final long step;
    private final HeadKind head;
    private final Task asked;
    private final List<String> labels;
    private final Bank bank;
    private final NDArray row;

    ServingAdapter(
            String adapterId, long step, Head head, List<String> labels, Bank bank, NDArray row) {
        this(adapterId, step, head.kind(), head.asked(), labels, bank, row);
    }

    private ServingAdapter(
            String adapterId,
            long step,
            HeadKind head,
            Task asked,
            List<String> labels,
            Bank bank,
            NDArray row) {
        this.adapterId = adapterId;
        this.step = step;
        this.head = head;
        this.asked = asked;
        this.labels = List.copyOf(labels);
        this.bank = bank;
        this.row = row;
    }

    /** Whose it is. */
    public String adapterId() {
        return adapterId;
    }

    /** The step of its version. */
    public long step() {
        return step;
    }

    /** Its labels in the order of the logits. */
    public List<String> labels() {
        return labels;
    }

    /** Bytes it holds on the device. */
    public long bytes() {
        return (long) Float.BYTES * bank.layout().size();
    }

    /** The same adapter in another form. */
    ServingAdapter with(Bank other, NDArray otherRow) {
        return new ServingAdapter(adapterId, step, head, asked, labels, other, otherRow);
    }

    /** Whether its predictions have the form of those with such a head. */
    public boolean answersLike(HeadKind kind) {
        return head.answersLike(kind);
    }

    HeadKind head() {
        return head;
    }

    /** What is asked about a text. */
    Task asked() {
        return asked;
    }

    Bank bank() {
        return bank;
    }

    NDArray row() {
        return row;
    }

    /** Frees its memory; no prediction may use it any more. A second call does nothing. */
    @Override
    public void close() {
        row.close();
    }
}
