package io.flinkpeft.train;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.task.SpecialTokens;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.TargetEnd;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.TextSettings;
import java.io.Serializable;
import java.util.List;
import java.util.Set;

/**
 * What an {@link OnlineTrainer} is told when a job is built.
 *
 * @param model the base: a Hugging Face directory, or the name of one on the class path
 * @param method the tuning method
 * @param task what adapters learn; default {@link StreamTask}
 * @param labels the fixed label set; empty: labels may appear; default empty
 * @param maxLabels how many labels a growing head may have, at least 2; default 1024
 * @param maxTokens longer texts are truncated and counted; at least 4; default 128
 * @param optimizer AdamW's settings
 * @param device {@code cpu}, {@code gpu:i} or {@code auto}; default {@code auto}
 * @param dtype of the frozen linears: {@code fp32}, {@code bf16} or {@code auto}; default {@code
 *     auto}
 * @param seed of initial values and dropout; default 0
 * @param numerics what a restore under other numerics does; default {@link NumericsRule#KEEP}
 * @param targetEnd where the target of a decoder ends; default {@link TargetEnd#APPENDED}
 * @param special what special tokens that are written in texts mean; default {@link
 *     SpecialTokens#TOKENS}
 */
public record TrainerConfig(
        String model,
        PeftConfig method,
        Task task,
        List<String> labels,
        int maxLabels,
        int maxTokens,
        OptimizerConfig optimizer,
        String device,
        String dtype,
        long seed,
        NumericsRule numerics,
        TargetEnd targetEnd,
        SpecialTokens special)
        implements Serializable {

    /** For {@code device} and {@code dtype}: what suits the machine. */
    public static final String AUTO = "auto";

    public TrainerConfig {
        labels = List.copyOf(labels);
        task.checkComplete();
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

    /** Settings whose numerics are kept; targets end with the end token. */
    public TrainerConfig(
            String model,
            PeftConfig method,
            Task task,
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
                task,
                labels,
                maxLabels,
                maxTokens,
                optimizer,
                device,
                dtype,
                seed,
                NumericsRule.KEEP,
                TargetEnd.APPENDED,
                SpecialTokens.TOKENS);
    }

    /** Every default. */
    public static TrainerConfig of(String model, PeftConfig method) {
        return new TrainerConfig(
                model,
                method,
                new StreamTask(),
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
                model, method, task, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                numerics, targetEnd, special);
    }

    /** The same with another task. */
    public TrainerConfig withTask(Task task) {
        return new TrainerConfig(
                model, method, task, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                numerics, targetEnd, special);
    }

    /** The same with a fixed label set. */
    public TrainerConfig withLabels(List<String> labels) {
        return new TrainerConfig(
                model, method, task, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                numerics, targetEnd, special);
    }

    /** The same with another bound of labels. */
    public TrainerConfig withMaxLabels(int maxLabels) {
        return new TrainerConfig(
                model, method, task, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                numerics, targetEnd, special);
    }

    /** The same with another length limit. */
    public TrainerConfig withMaxTokens(int maxTokens) {
        return new TrainerConfig(
                model, method, task, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                numerics, targetEnd, special);
    }

    /** The same with another optimizer. */
    public TrainerConfig withOptimizer(OptimizerConfig optimizer) {
        return new TrainerConfig(
                model, method, task, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                numerics, targetEnd, special);
    }

    /** The same with another type of frozen linears. */
    public TrainerConfig withDtype(String dtype) {
        return new TrainerConfig(
                model, method, task, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                numerics, targetEnd, special);
    }

    /** The same with another rule for a restore under other numerics. */
    public TrainerConfig withNumerics(NumericsRule numerics) {
        return new TrainerConfig(
                model, method, task, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                numerics, targetEnd, special);
    }

    /** The same with another meaning of special tokens that are written in texts. */
    public TrainerConfig withSpecialTokens(SpecialTokens special) {
        return new TrainerConfig(
                model, method, task, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                numerics, targetEnd, special);
    }

    /** How texts become tokens. */
    TextSettings texts() {
        return new TextSettings(maxTokens, targetEnd, special);
    }

    /** The same with another rule for the end of targets. */
    public TrainerConfig withTargetEnd(TargetEnd targetEnd) {
        return new TrainerConfig(
                model, method, task, labels, maxLabels, maxTokens, optimizer, device, dtype, seed,
                numerics, targetEnd, special);
    }
}
