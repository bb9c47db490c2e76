package io.flinkpeft.method;

import io.flinkpeft.adapter.TensorLayout;
import java.util.Arrays;
import java.util.List;

/**
 * How a configured method is attached to a base model: its tensors in a row, and which of them
 * belongs to which site.
 *
 * @param config the method's settings as an export says them: for the task, its targets by name;
 *     null for no method
 * @param kernel the method's program text, such as {@code lora}
 * @param tensors the method's tensors, in the order of the row; a head follows them
 * @param slots for each site of the base the place of its first tensor, or -1 if it is not adapted
 * @param scales for each site the factor of its change
 * @param dropout probability that a method's input is dropped while training
 * @param groups how many values of the row share a learning rate and a decay, in order
 */
public record Attachment(
        PeftConfig config,
        String kernel,
        TensorLayout tensors,
        long[] slots,
        double[] scales,
        double dropout,
        List<Group> groups) {

    /**
     * Neighbouring values of a row.
     *
     * @param size how many
     * @param rateFactor what the learning rate is multiplied by
     */
    public record Group(int size, double rateFactor) {}

    public Attachment {
        groups = List.copyOf(groups);
    }

    /** No method: every site is as the base has it. */
    public static Attachment none(int sites) {
        return none(null, sites);
    }

    static Attachment none(PeftConfig config, int sites) {
        long[] slots = new long[sites];
        Arrays.fill(slots, -1);
        return new Attachment(
                config,
                "lora",
                new TensorLayout(List.of(), 0),
                slots,
                new double[sites],
                0,
                List.of());
    }
}
