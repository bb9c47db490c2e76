package io.flinkpeft.method;

import io.flinkpeft.adapter.TensorLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A configured method that is attached to a base model: its program texts, its tensors in a row,
 * which of them belongs where, and what it does with a row.
 *
 * @param config the method's settings as an export says them: for the task, its targets by name
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
 * @param rules what the method does with its part of a row
 */
public record AttachedMethod(
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
        List<FrozenTensors> frozen,
        RowRules rules) {

    /**
     * Neighboring values of a row.
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

    public AttachedMethod {
        var texts = new EnumMap<Hook, String>(Hook.class);
        texts.putAll(kernels);
        kernels = Collections.unmodifiableMap(texts);
        groups = List.copyOf(groups);
        frozen = List.copyOf(frozen);
    }

    /** No method: every site is as the base has it. */
    public static AttachedMethod none(int sites) {
        return none(new HeadOnly(), sites);
    }

    static AttachedMethod none(PeftConfig config, int sites) {
        return builder(config, Map.of(), new TensorLayout(List.of(), 0), sites).build();
    }

    /**
     * A method whose tensors share a rate and a decay, unless more is said.
     *
     * @param sites how many the base has
     */
    public static Builder builder(
            PeftConfig config, Map<Hook, String> kernels, TensorLayout tensors, int sites) {
        return new Builder(config, kernels, tensors, sites);
    }

    /** Positions of a text that are not its own. */
    public int virtualTokens() {
        return promptTokens + prefixTokens;
    }

    /** Writes the first values into a row: see {@link RowRules}. */
    public void initialize(BaseTensors base, long seed, float[] row) {
        rules.initialize(this, base, seed, row);
    }

    /** What of a row predicts: see {@link RowRules}. */
    public Serving serving(float[] row) {
        return rules.serving(this, row);
    }

    /** Writes what no file holds into a row: see {@link RowRules}. */
    public void complete(BaseTensors base, float[] row) {
        rules.complete(this, base, row);
    }

    /** What the kernel must know of a step: see {@link RowRules}. */
    public long[] plan(long step) {
        return rules.plan(this, step);
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

    /** What is not said is not there: see {@link AttachedMethod} for each. */
    public static final class Builder {

        private final PeftConfig config;
        private final Map<Hook, String> kernels;
        private final TensorLayout tensors;
        private long[] slots = {};
        private double[] scales;
        private double[] numbers = {};
        private long[] replaced = {};
        private int promptTokens;
        private int prefixTokens;
        private int firstToken;
        private double dropout;
        private List<Group> groups;
        private List<FrozenTensors> frozen = List.of();
        private RowRules rules = (method, base, seed, row) -> {};

        private Builder(
                PeftConfig config, Map<Hook, String> kernels, TensorLayout tensors, int sites) {
            this.config = config;
            this.kernels = kernels;
            this.tensors = tensors;
            this.scales = new double[sites];
            this.groups = tensors.size() == 0 ? List.of() : List.of(new Group(tensors.size()));
        }

        /** The places of each site's tensors; default none. */
        public Builder slots(long... slots) {
            this.slots = slots;
            return this;
        }

        /** A factor for each site; default 0. */
        public Builder scales(double... scales) {
            this.scales = scales;
            return this;
        }

        /** Default none. */
        public Builder numbers(double... numbers) {
            this.numbers = numbers;
            return this;
        }

        /** The places of what stands for the base's tensors; default none. */
        public Builder replaced(long... replaced) {
            this.replaced = replaced;
            return this;
        }

        /** Tokens before a text's own, and which of all is pooled as the first; default 0, 0. */
        public Builder prompt(int tokens, int firstToken) {
            this.promptTokens = tokens;
            this.firstToken = firstToken;
            return this;
        }

        /** Keys and values before a text's own; default 0. */
        public Builder prefix(int tokens) {
            this.prefixTokens = tokens;
            return this;
        }

        /** Default 0. */
        public Builder dropout(double dropout) {
            this.dropout = dropout;
            return this;
        }

        /** Default one of all values, with the rate and decay of the configuration. */
        public Builder groups(List<Group> groups) {
            this.groups = groups;
            return this;
        }

        /** Default none. */
        public Builder frozen(List<FrozenTensors> frozen) {
            this.frozen = frozen;
            return this;
        }

        /** Default to leave every value at zero, and to save all that trains. */
        public Builder rules(RowRules rules) {
            this.rules = rules;
            return this;
        }

        /** The attached method. */
        public AttachedMethod build() {
            return new AttachedMethod(
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
                    frozen,
                    rules);
        }
    }
}
