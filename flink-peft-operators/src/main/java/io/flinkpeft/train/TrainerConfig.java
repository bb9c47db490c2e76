package io.flinkpeft.train;

import io.flinkpeft.method.PeftConfig;
import java.io.Serializable;
import java.util.List;
import java.util.Set;

/**
 * What an {@link OnlineTrainer} is told when a job is built.
 *
 * @param model the base: a Hugging Face directory, or the name of one on the class path
 * @param method the tuning method
 * @param head where logits come from; default {@link HeadKind#STREAM}
 * @param labels the fixed label set; empty: labels may appear; default empty
 * @param maxLabels how many labels a growing head may have, at least 2; default 1024
 * @param maxTokens longer texts are truncated and counted; at least 4; default 128
 * @param optimizer AdamW's settings
 * @param device {@code cpu}, {@code gpu:i} or {@code auto}; default {@code auto}
 * @param dtype of the frozen linears: {@code fp32}, {@code bf16} or {@code auto}; default {@code
 *     auto}
 * @param seed of initial values and dropout; default 0
 * @param cloze the template and the words of {@link HeadKind#CLOZE}; null for other heads
 * @param numerics what a restore under other numerics does; default {@link NumericsRule#KEEP}
 * @param targetEnd where the target of a decoder ends; default {@link TargetEnd#APPENDED}
 * @param special what special tokens that are written in texts mean; default {@link
 *     SpecialTokens#TOKENS}
 */
public record TrainerConfig(
        String model,
        PeftConfig method,
        HeadKind head,
        List<String> labels,
        int maxLabels,
        int maxTokens,
        OptimizerConfig optimizer,
        String device,
        String dtype,
        long seed,
        Cloze cloze,
        NumericsRule numerics,
        TargetEnd targetEnd,
        SpecialTokens special)
        implements Serializable {

    /** For {@code device} and {@code dtype}: what suits the machine. */
    public static final String AUTO = "auto";

    public TrainerConfig {
        labels = List.copyOf(labels);
        if (head == HeadKind.CLOZE && cloze == null) {
            throw new IllegalArgumentException(
                    "head.kind (CLOZE) must have a template and words. Maybe set head.cloze.");
        }
        if (Set.copyOf(labels).size() != labels.size()) {
            throw new IllegalArgumentException("head.labels " + labels + " must be different.");
        }
        if (maxLabels < 2) {
            throw new IllegalArgumentException(
                    "head.max-labels (" + maxLabels + ") must be at least 2.");
        }
        if (maxTokens < 4) {
            throw new IllegalArgumentException(
                    "train.max-tokens (" + maxTokens + ") must be at least 4.");
        }
    }

    /** Settings without a cloze, whose numerics are kept; targets end with the end token. */
    public TrainerConfig(
            String model,
            PeftConfig method,
            HeadKind head,
            List<String> labels,
            int maxLabels,
            int maxTokens,
            OptimizerConfig optimizer,
            String device,
            String dtype,
            long seed) {
        this(
                model,
                method,
                head,
                labels,
                maxLabels,
                maxTokens,
                optimizer,
                device,
                dtype,
                seed,
                null,
                NumericsRule.KEEP,
                TargetEnd.APPENDED,
                SpecialTokens.TOKENS);
    }

    /** Every default. */
    public static TrainerConfig of(String model, PeftConfig method) {
        return new TrainerConfig(
                model,
                method,
                HeadKind.STREAM,
                List.of(),
                1024,
                128,
                OptimizerConfig.DEFAULT,
                AUTO,
                AUTO,
                0);
    }

    /** The same with another method. */
    public TrainerConfig withMethod(PeftConfig method) {
        return new TrainerConfig(
                model, method, head, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                cloze, numerics, targetEnd, special);
    }

    /** The same with another head. */
    public TrainerConfig withHead(HeadKind head) {
        return new TrainerConfig(
                model, method, head, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                cloze, numerics, targetEnd, special);
    }

    /** The same with a fixed label set. */
    public TrainerConfig withLabels(List<String> labels) {
        return new TrainerConfig(
                model, method, head, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                cloze, numerics, targetEnd, special);
    }

    /** The same with another bound of labels. */
    public TrainerConfig withMaxLabels(int maxLabels) {
        return new TrainerConfig(
                model, method, head, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                cloze, numerics, targetEnd, special);
    }

    /** The same with another length limit. */
    public TrainerConfig withMaxTokens(int maxTokens) {
        return new TrainerConfig(
                model, method, head, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                cloze, numerics, targetEnd, special);
    }

    /** The same with another optimizer. */
    public TrainerConfig withOptimizer(OptimizerConfig optimizer) {
        return new TrainerConfig(
                model, method, head, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                cloze, numerics, targetEnd, special);
    }

    /** The same with another type of frozen linears. */
    public TrainerConfig withDtype(String dtype) {
        return new TrainerConfig(
                model, method, head, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                cloze, numerics, targetEnd, special);
    }

    /** The same with a cloze and the head that answers it. */
    public TrainerConfig withCloze(Cloze cloze) {
        return new TrainerConfig(
                model,
                method,
                HeadKind.CLOZE,
                labels,
                maxLabels,
                maxTokens,
                optimizer,
                device,
                dtype,
                seed,
                cloze,
                numerics,
                targetEnd,
                special);
    }

    /** The same with another rule for a restore under other numerics. */
    public TrainerConfig withNumerics(NumericsRule numerics) {
        return new TrainerConfig(
                model, method, head, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                cloze, numerics, targetEnd, special);
    }

    /** The same with another meaning of special tokens that are written in texts. */
    public TrainerConfig withSpecialTokens(SpecialTokens special) {
        return new TrainerConfig(
                model, method, head, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                cloze, numerics, targetEnd, special);
    }

    /** How texts become tokens. */
    TextSettings texts() {
        return new TextSettings(maxTokens, targetEnd, special);
    }

    /** The same with another rule for the end of targets. */
    public TrainerConfig withTargetEnd(TargetEnd targetEnd) {
        return new TrainerConfig(
                model, method, head, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                cloze, numerics, targetEnd, special);
    }
}
