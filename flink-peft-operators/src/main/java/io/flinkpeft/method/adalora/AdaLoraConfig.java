package io.flinkpeft.method.adalora;

import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Magnitude;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.targets.TargetModules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Adaptive low-rank adaptation: LoRA in the form of a singular value decomposition, whose ranks go
 * to the layers that need them.
 *
 * <pre>{@code
 * y = x W^T + b + s dropout(x) (A * E)^T B^T          s = alpha / (r + 1e-5)
 * loss + o * mean over all A, B of |A A^T - I|, |B^T B - I|
 *
 *   x  [n, in]    input            W  [out, in]  frozen
 *   A  [r, in]    trained          B  [out, r]   trained       r  the initial rank
 *   E  [r, 1]     trained, starts at zero; pruned: zero
 * }</pre>
 *
 * <p>A triplet is an element of E with its row of A and its column of B. After a step its
 * importance is the product of sensitivity and uncertainty, moving means of {@code |value *
 * gradient|} and of how much that changes; the least important triplets of all layers together are
 * pruned to the budget of {@link BudgetSchedule}.
 *
 * <p>Trains {@code r * (in + out + 1)} values a layer, and keeps two more moving means of each. A
 * fresh adapter leaves the output unchanged; the loss has the regularizer from the start.
 *
 * <p>Use it where one rank for all layers wastes values: many adapted layers, small versions.
 *
 * <p>Differs from the paper as PEFT does: the norm of the regularizer is not squared, and the
 * budget counts its final steps once.
 *
 * @param initialRank {@code r} before pruning, at least 1; default 12
 * @param targetRank the mean rank at the end, from 1 to {@code initialRank}; default 8
 * @param alpha the numerator of the scale, not divided by the rank twice; 0 or less takes the
 *     initial rank; default 8
 * @param dropout probability in [0, 1) that an input is dropped while training; default 0
 * @param targets which layers to adapt; default what PEFT takes for the architecture
 * @param schedule how the budget falls
 * @param importance how importance is measured, and the regularizer
 * @param rankPattern which triplets are left, by the layer's name in the model; empty: all
 * @param modulesToSave layers that are trained and saved whole; the heads of the task are added;
 *     default empty
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 * @see <a href="https://arxiv.org/abs/2303.10512">Zhang et al., AdaLoRA, 2023, section 3</a>
 */
public record AdaLoraConfig(
        int initialRank,
        int targetRank,
        double alpha,
        double dropout,
        TargetModules targets,
        BudgetSchedule schedule,
        Importance importance,
        Map<String, List<Boolean>> rankPattern,
        List<String> modulesToSave,
        TaskType taskType)
        implements PeftConfig {

    static final String PEFT_TYPE = "ADALORA";

    /** PEFT's defaults, and a budget that is at its end after 1000 steps of a stream. */
    public static final AdaLoraConfig STREAM = of(new BudgetSchedule(1000, 100, 200, 10, 0));

    public AdaLoraConfig {
        if (initialRank < 1) {
            throw new IllegalArgumentException(
                    "init_r (" + initialRank + ") must be at least 1. Maybe use 12, the default.");
        }
        if (targetRank < 1 || targetRank > initialRank) {
            throw new IllegalArgumentException(
                    "target_r ("
                            + targetRank
                            + ") must be from 1 to init_r ("
                            + initialRank
                            + "). Maybe use two thirds of it.");
        }
        Magnitude.either("lora_alpha", alpha);
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException(
                    "lora_dropout (" + dropout + ") must be at least 0 and less than 1.");
        }
        var ranks = new LinkedHashMap<String, List<Boolean>>();
        rankPattern.forEach((layer, kept) -> ranks.put(layer, List.copyOf(kept)));
        rankPattern = Map.copyOf(ranks);
        modulesToSave =
                Stream.concat(modulesToSave.stream(), taskType.heads().stream())
                        .distinct()
                        .toList();
    }

    /** PEFT's defaults with a schedule. */
    public static AdaLoraConfig of(BudgetSchedule schedule) {
        return new AdaLoraConfig(
                12,
                8,
                8,
                0,
                TargetModules.DEFAULT,
                schedule,
                Importance.DEFAULT,
                Map.of(),
                List.of(),
                TaskType.UNSPECIFIED);
    }

    /** The same with other ranks and alpha. */
    public AdaLoraConfig withRanks(int initialRank, int targetRank, double alpha) {
        return new AdaLoraConfig(
                initialRank,
                targetRank,
                alpha,
                dropout,
                targets,
                schedule,
                importance,
                rankPattern,
                modulesToSave,
                taskType);
    }

    /** The same for other layers. */
    public AdaLoraConfig withTargets(TargetModules targets) {
        return with(targets, rankPattern, modulesToSave, taskType);
    }

    /** The same with these triplets left. */
    public AdaLoraConfig withRankPattern(Map<String, List<Boolean>> rankPattern) {
        return with(targets, rankPattern, modulesToSave, taskType);
    }

    @Override
    public AdaLoraConfig saving(Set<String> heads) {
        var all = Stream.concat(heads.stream(), modulesToSave.stream()).toList();
        return with(targets, rankPattern, all, taskType);
    }

    @Override
    public AdaLoraConfig withTaskType(TaskType taskType) {
        var own = modulesToSave.stream().filter(m -> !this.taskType.heads().contains(m)).toList();
        return with(targets, rankPattern, own, taskType);
    }

    private AdaLoraConfig with(
            TargetModules targets,
            Map<String, List<Boolean>> rankPattern,
            List<String> modulesToSave,
            TaskType taskType) {
        return new AdaLoraConfig(
                initialRank,
                targetRank,
                alpha,
                dropout,
                targets,
                schedule,
                importance,
                rankPattern,
                modulesToSave,
                taskType);
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public String fingerprint() {
        // kept in state: the text for the same settings must stay as it is
        return PEFT_TYPE
                + " r="
                + initialRank
                + " alpha="
                + alpha
                + " targets="
                + targets.describe()
                + " ranks="
                + new TreeMap<>(rankPattern);
    }

    /** The factor before the correction. */
    public double scaling() {
        return (alpha > 0 ? alpha : initialRank) / (initialRank + 1e-5);
    }

    @Override
    public AttachedMethod attach(List<TargetLayer> sites, AttachedModel model) {
        return AdaLoraAttachment.training(this, sites, model);
    }

    @Override
    public AttachedMethod attachServing(List<TargetLayer> sites, AttachedModel model) {
        return AdaLoraAttachment.serving(this, sites, model);
    }

    @Override
    public boolean passesSegments() {
        return false;
    }
}
