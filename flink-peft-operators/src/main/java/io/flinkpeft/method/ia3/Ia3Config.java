package io.flinkpeft.method.ia3;

import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.targets.ModuleNames;
import io.flinkpeft.method.targets.SavedModules;
import io.flinkpeft.method.targets.TargetModules;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * (IA)³: learns a factor for each output of some frozen linear layers, and for each input of
 * others.
 *
 * <pre>{@code
 * y = l * (x W^T + b)      l [out]  trained, starts at 1
 * y = (l * x) W^T + b      l [in]   trained, starts at 1; feed-forward layers
 *
 *   x  [n, in]    input            W  [out, in]  frozen, b [out] frozen
 * }</pre>
 *
 * <p>Trains {@code out} or {@code in} values a layer. A fresh adapter leaves the output unchanged.
 *
 * <p>Use it where an adapter must be tiny; LoRA learns more.
 *
 * <p>Differs from the paper: the layers are PEFT's, so in BERT {@code output.dense} is also the
 * output layer of attention.
 *
 * @param targets which layers to adapt; default what PEFT takes for the architecture
 * @param feedForward which of them have the factor at their input, by the end of their name or a
 *     pattern; default what PEFT takes for the architecture
 * @param ones whether the factors start at 1; else they start normal, as in PEFT, which changes the
 *     output at once; default true
 * @param modulesToSave layers that are trained and saved whole; the heads of the task are added;
 *     default empty
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 * @see <a href="https://arxiv.org/abs/2205.05638">Liu et al., Few-shot parameter-efficient
 *     fine-tuning is better and cheaper than in-context learning, 2022, section 3.3</a>
 */
public record Ia3Config(
        TargetModules targets,
        ModuleNames feedForward,
        boolean ones,
        List<String> modulesToSave,
        TaskType taskType)
        implements PeftConfig {

    static final String PEFT_TYPE = "IA3";

    /** Every default. */
    public static final Ia3Config DEFAULT =
            new Ia3Config(
                    TargetModules.DEFAULT,
                    new ModuleNames.ArchitectureDefault(),
                    true,
                    List.of(),
                    TaskType.UNSPECIFIED);

    public Ia3Config {
        if (feedForward instanceof ModuleNames.AllLinear) {
            throw new IllegalArgumentException(
                    "feedforward_modules must be a list of names or a pattern.");
        }
        if (feedForward instanceof ModuleNames.Listed some
                && targets.names() instanceof ModuleNames.Listed all
                && !all.names().containsAll(some.names())) {
            throw new IllegalArgumentException(
                    "feedforward_modules "
                            + some.names()
                            + " must be a part of target_modules "
                            + all.names()
                            + ".");
        }
        modulesToSave =
                Stream.concat(modulesToSave.stream(), taskType.heads().stream())
                        .distinct()
                        .toList();
    }

    /** The same for other layers; {@code feedForward} names those with the factor at the input. */
    public Ia3Config withTargets(TargetModules targets, ModuleNames feedForward) {
        return new Ia3Config(targets, feedForward, ones, modulesToSave, taskType);
    }

    @Override
    public Ia3Config saving(Set<String> heads) {
        var all = Stream.concat(heads.stream(), modulesToSave.stream()).toList();
        return new Ia3Config(targets, feedForward, ones, all, taskType);
    }

    @Override
    public Ia3Config withTaskType(TaskType taskType) {
        var own = modulesToSave.stream().filter(m -> !this.taskType.heads().contains(m)).toList();
        return new Ia3Config(targets, feedForward, ones, own, taskType);
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public String fingerprint() {
        // kept in state: the text for the same settings must stay as it is
        return PEFT_TYPE
                + " targets="
                + targets.describe()
                + " feedforward="
                + feedForward.describe()
                + SavedModules.describe(this);
    }

    @Override
    public AttachedMethod attach(List<TargetLayer> sites, AttachedModel model) {
        return Ia3Attachment.of(this, sites, model);
    }

    @Override
    public boolean passesSegments() {
        return false;
    }
}
