package io.flinkpeft.method.lora;

import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.targets.SavedModules;
import io.flinkpeft.method.targets.TargetModules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Low-rank adaptation: learns a rank-{@code r} correction to frozen linear layers.
 *
 * <pre>{@code
 * y = x W^T + b + s * dropout(x) A^T B^T      s = alpha / r, or alpha / sqrt(r) if rank-stabilized
 *
 *   x  [n, in]    input            W  [out, in]  frozen
 *   A  [r, in]    trained          B  [out, r]   trained, starts at zero
 * }</pre>
 *
 * <p>Trains {@code r * (in + out)} values a layer. A fresh adapter leaves the output unchanged.
 *
 * <p>Differs from the paper: {@code A} starts Kaiming-uniform, as in the authors' code.
 *
 * @param ranks the rank and the scale at each layer; default 8 and 8 everywhere
 * @param dropout probability in [0, 1) that an input is dropped while training; default 0
 * @param targets which layers to adapt; default what PEFT takes for the architecture
 * @param modulesToSave layers that are trained and saved whole; the heads of the task are added;
 *     default empty
 * @param initialization how {@code A} starts; default {@link Initialization#KAIMING_UNIFORM}
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 * @param variant the form of the correction and how it learns; default {@link LoraVariant#DEFAULT}
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al., LoRA, 2021, section 4.1</a>
 * @see <a href="https://arxiv.org/abs/2312.03732">Kalajdzievski, rsLoRA, 2023, section 3</a>
 */
public record LoraConfig(
        LoraRanks ranks,
        double dropout,
        TargetModules targets,
        List<String> modulesToSave,
        Initialization initialization,
        TaskType taskType,
        LoraVariant variant)
        implements PeftConfig {

    /** Every default. */
    public static final LoraConfig DEFAULT = new LoraConfig(8, 8);

    public LoraConfig {
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException(
                    "peft.lora.dropout (" + dropout + ") must be at least 0 and less than 1.");
        }
        if (variant.form() == LoraForm.OPTIMIZER && dropout > 0) {
            throw new IllegalArgumentException(
                    "peft.lora.dropout ("
                            + dropout
                            + ") must be 0 for peft.lora.variant (OPTIMIZER), which has no input of"
                            + " its own to drop.");
        }
        boolean plain = variant.form() == LoraForm.ADAPTER && !variant.biasOfB();
        if (initialization == Initialization.PISSA && !plain) {
            throw new IllegalArgumentException(
                    "init_lora_weights (PISSA) must have peft.lora.variant (ADAPTER) and no lora_bias"
                            + " beside it.");
        }
        modulesToSave =
                Stream.concat(modulesToSave.stream(), taskType.heads().stream())
                        .distinct()
                        .toList();
    }

    /** Rank and alpha, and the default of everything else. */
    public LoraConfig(int rank, double alpha) {
        this(
                LoraRanks.of(rank, alpha),
                0,
                TargetModules.DEFAULT,
                List.of(),
                Initialization.KAIMING_UNIFORM,
                TaskType.UNSPECIFIED,
                LoraVariant.DEFAULT);
    }

    /** The rank where no pattern says another. */
    public int rank() {
        return ranks.rank();
    }

    /** The scale's numerator where no pattern says another. */
    public double alpha() {
        return ranks.alpha();
    }

    @Override
    public String peftType() {
        return "LORA";
    }

    @Override
    public String fingerprint() {
        // kept in state: the text for the same settings must stay as it is
        return peftType()
                + " r="
                + rank()
                + " alpha="
                + alpha()
                + " rslora="
                + ranks.rsLora()
                + " targets="
                + targets.describe()
                + " ranks="
                + ranks.rankPattern()
                + " alphas="
                + ranks.alphaPattern()
                + variant.describe()
                + (initialization == Initialization.PISSA ? " pissa" : "")
                + SavedModules.describe(this);
    }

    @Override
    public AttachedMethod attach(List<TargetLayer> sites, AttachedModel model) {
        return LoraAttachment.of(this, sites, model);
    }

    @Override
    public boolean passesSegments() {
        return false;
    }

    /** The factor {@code s} before the correction, for a layer of this rank and alpha. */
    public double scaling(int rank, double alpha) {
        return ranks.scaling(rank, alpha);
    }

    /** The same with another rank. */
    public LoraConfig withRank(int rank) {
        return with(ranks.withRank(rank));
    }

    /** The same with another alpha. */
    public LoraConfig withAlpha(double alpha) {
        return with(ranks.withAlpha(alpha));
    }

    /** The same with another dropout. */
    public LoraConfig withDropout(double dropout) {
        return new LoraConfig(
                ranks, dropout, targets, modulesToSave, initialization, taskType, variant);
    }

    /** The same for other layers. */
    public LoraConfig withTargets(TargetModules targets) {
        return new LoraConfig(
                ranks, dropout, targets, modulesToSave, initialization, taskType, variant);
    }

    /** The same, rank-stabilized. */
    public LoraConfig withRsLora() {
        return with(ranks.withRsLora());
    }

    /** The same with other ranks and alphas for some layers. */
    public LoraConfig withPatterns(
            Map<String, Integer> rankPattern, Map<String, Double> alphaPattern) {
        return with(ranks.withPatterns(rankPattern, alphaPattern));
    }

    /** The same with another start. */
    public LoraConfig withInitialization(Initialization initialization) {
        return new LoraConfig(
                ranks, dropout, targets, modulesToSave, initialization, taskType, variant);
    }

    @Override
    public LoraConfig withTaskType(TaskType taskType) {
        // the heads of the former task go with it
        List<String> others =
                modulesToSave.stream().filter(m -> !this.taskType.heads().contains(m)).toList();
        return new LoraConfig(ranks, dropout, targets, others, initialization, taskType, variant);
    }

    @Override
    public LoraConfig saving(Set<String> heads) {
        List<String> all = Stream.concat(heads.stream(), modulesToSave.stream()).toList();
        return new LoraConfig(ranks, dropout, targets, all, initialization, taskType, variant);
    }

    /** The same in another variant. */
    public LoraConfig withVariant(LoraVariant variant) {
        return new LoraConfig(
                ranks, dropout, targets, modulesToSave, initialization, taskType, variant);
    }

    private LoraConfig with(LoraRanks ranks) {
        return new LoraConfig(
                ranks, dropout, targets, modulesToSave, initialization, taskType, variant);
    }
}
