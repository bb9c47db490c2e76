package io.flinkpeft.method;

import io.flinkpeft.adapter.TensorLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How a configured method is attached to a base model: its program texts, its tensors in a row, and
 * which of them belongs where.
 *
 * @param config the method's settings as an export says them: for the task, its targets by name;
 *     null for no method
 * @param kernels the method's program texts, such as {@code lora}; a hook that is missing is plain
 * @param tensors the method's tensors, in the order of the row; a head follows them
 * @param slots for each site of the base the place of its first tensor, or -1 if it is not adapted;
 *     then for each site the place of its second one, and so on
 * @param scales for each site the factor of its change
 * @param numbers what else the program texts need
 * @param replaced for each tensor of the base the place of the one that stands for it, or -1; empty
 *     if none is replaced
 * @param promptTokens how many tokens a text has before its own
 * @param prefixTokens how many keys and values each layer has before a text's own
 * @param firstToken which token of a text, those of a prompt included, is pooled as its first
 * @param dropout probability that a method's input is dropped while training
 * @param groups how many values of the row share a learning rate and a decay, in order
 * @param frozen what stands behind the base's own tensors
 */
public record Attachment(
        PeftConfig config,
        Map<Hook, String> kernels,
        TensorLayout tensors,
        long[] slots,
        double[] scales,
        double[] numbers,
        long[] replaced,
        int promptTokens,
        int prefixTokens,
        int firstToken,
        double dropout,
        List<Group> groups,
        List<FrozenTensors> frozen) {

    /**
     * Neighbouring values of a row.
     *
     * @param size how many
     * @param rateFactor what the learning rate is multiplied by
     * @param decayFactor what the weight decay is multiplied by
     */
    public record Group(int size, double rateFactor, double decayFactor) {

        /** With the rate and decay of the configuration. */
        public Group(int size) {
            this(size, 1, 1);
        }
    }

    public Attachment {
        var texts = new EnumMap<Hook, String>(Hook.class);
        texts.putAll(kernels);
        kernels = Collections.unmodifiableMap(texts);
        groups = List.copyOf(groups);
        frozen = List.copyOf(frozen);
    }

    /** A method on linear layers. */
    public Attachment(
            PeftConfig config,
            Map<Hook, String> kernels,
            TensorLayout tensors,
            long[] slots,
            double[] scales,
            double dropout,
            List<Group> groups) {
        this(
                config,
                kernels,
                tensors,
                slots,
                scales,
                new double[0],
                new long[0],
                0,
                0,
                0,
                dropout,
                groups,
                List.of());
    }

    /** A method that needs more, with a text's own first token as its first. */
    public Attachment(
            PeftConfig config,
            Map<Hook, String> kernels,
            TensorLayout tensors,
            long[] slots,
            double[] scales,
            double[] numbers,
            long[] replaced,
            int promptTokens,
            int prefixTokens,
            double dropout,
            List<Group> groups) {
        this(
                config,
                kernels,
                tensors,
                slots,
                scales,
                numbers,
                replaced,
                promptTokens,
                prefixTokens,
                promptTokens,
                dropout,
                groups,
                List.of());
    }

    /** A method that says which token is a text's first. */
    public Attachment(
            PeftConfig config,
            Map<Hook, String> kernels,
            TensorLayout tensors,
            long[] slots,
            double[] scales,
            double[] numbers,
            long[] replaced,
            int promptTokens,
            int prefixTokens,
            int firstToken,
            double dropout,
            List<Group> groups) {
        this(
                config,
                kernels,
                tensors,
                slots,
                scales,
                numbers,
                replaced,
                promptTokens,
                prefixTokens,
                firstToken,
                dropout,
                groups,
                List.of());
    }

    /** No method: every site is as the base has it. */
    public static Attachment none(int sites) {
        return none(null, sites);
    }

    static Attachment none(PeftConfig config, int sites) {
        return new Attachment(
                config,
                new EnumMap<>(Hook.class),
                new TensorLayout(List.of(), 0),
                new long[0],
                new double[sites],
                0,
                List.of());
    }

    /** The same with other numbers for the program texts. */
    public Attachment withNumbers(double... numbers) {
        return new Attachment(
                config,
                kernels,
                tensors,
                slots,
                scales,
                numbers,
                replaced,
                promptTokens,
                prefixTokens,
                firstToken,
                dropout,
                groups,
                frozen);
    }

    /** The same with tensors behind the base's. */
    public Attachment withFrozen(List<FrozenTensors> frozen) {
        return new Attachment(
                config,
                kernels,
                tensors,
                slots,
                scales,
                numbers,
                replaced,
                promptTokens,
                prefixTokens,
                firstToken,
                dropout,
                groups,
                frozen);
    }

    /** Positions of a text that are not its own. */
    public int virtualTokens() {
        return promptTokens + prefixTokens;
    }

    /** See {@link PeftConfig#plan}. */
    public long[] plan(long step) {
        return config == null ? new long[0] : config.plan(this, step);
    }

    /** Whether an adapter must go through the kernel alone, as it changes the base itself. */
    public boolean alone() {
        return replaced.length > 0;
    }

    /**
     * What adapters must share, besides their layout, to go through a kernel together. An alone one
     * shares with none.
     */
    public String signature() {
        return kernels
                + Arrays.toString(slots)
                + Arrays.toString(scales)
                + Arrays.toString(numbers)
                + Arrays.toString(replaced)
                + promptTokens
                + "+"
                + prefixTokens
                + "+"
                + firstToken
                + frozen.stream().map(FrozenTensors::sha256).toList();
    }
}
