package io.flinkpeft.example.methods;

import io.flinkpeft.method.HeadOnly;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.Placement;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.lora.Initialization;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.lora.LoraForm;
import io.flinkpeft.method.lora.LoraVariant;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.ptuning.PTuningConfig;
import io.flinkpeft.method.ptuning.PromptEncoder;
import io.flinkpeft.method.selective.BitFitConfig;
import io.flinkpeft.method.selective.FreezeConfig;
import io.flinkpeft.method.selective.FullConfig;
import io.flinkpeft.method.targets.TargetModules;
import java.util.List;

/**
 * A method as the tables of the documents show it.
 *
 * @param name in the tables
 * @param config its settings
 * @param rate AdamW's learning rate for it
 */
public record MethodCase(String name, PeftConfig config, double rate) {

    private static final int VIRTUAL_TOKENS = 10;
    private static final LoraConfig LORA =
            new LoraConfig(8, 8).withTargets(TargetModules.ALL_LINEAR);
    private static final LoraVariant PLAIN = LoraVariant.DEFAULT;

    /**
     * All methods. Those on linear layers adapt all of them, with rank 8; prompts and prefixes have
     * 10 virtual tokens.
     *
     * @param steps of the whole run, for the budget of AdaLoRA
     */
    public static List<MethodCase> all(int steps) {
        return List.of(
                new MethodCase("head only", new HeadOnly(), 6e-3),
                new MethodCase("LoRA", LORA, 1e-3),
                new MethodCase("LoRA, rank-stabilised", LORA.withRsLora(), 1e-3),
                new MethodCase(
                        "LoRA+, ratio 16", LORA.withVariant(PLAIN.withRateRatio(16)), 2.5e-4),
                new MethodCase("DoRA", LORA.withVariant(PLAIN.withForm(LoraForm.DORA)), 1e-3),
                new MethodCase(
                        "LoRA, optimizer form",
                        LORA.withVariant(PLAIN.withForm(LoraForm.OPTIMIZER)),
                        1e-3),
                new MethodCase("PiSSA", LORA.withInitialization(Initialization.PISSA), 3e-4),
                new MethodCase("AdaLoRA, rank 12 to 8", adaLora(steps), 1e-3),
                new MethodCase("(IA)³", Ia3Config.DEFAULT, 9e-3),
                new MethodCase(
                        "prompt tuning",
                        new PromptTuningConfig(VIRTUAL_TOKENS).fromVocabulary(),
                        1e-2),
                new MethodCase("P-tuning, MLP", new PTuningConfig(VIRTUAL_TOKENS), 1e-3),
                new MethodCase(
                        "P-tuning, LSTM",
                        new PTuningConfig(VIRTUAL_TOKENS).withEncoder(PromptEncoder.LSTM, 0),
                        3e-4),
                new MethodCase("prefix tuning", new PrefixTuningConfig(VIRTUAL_TOKENS), 3e-2),
                new MethodCase(
                        "prefix tuning, MLP",
                        new PrefixTuningConfig(VIRTUAL_TOKENS).withProjection(0),
                        3e-4),
                bottleneck("bottleneck, Houlsby", Placement.HOULSBY, 1e-3),
                bottleneck("bottleneck, Pfeiffer", Placement.PFEIFFER, 3e-3),
                new MethodCase(
                        "bottleneck, Pfeiffer, invertible",
                        BottleneckConfig.of(Placement.PFEIFFER).withInvertible(2),
                        3e-3),
                bottleneck("bottleneck, parallel", Placement.PARALLEL, 3e-4),
                new MethodCase("BitFit", new BitFitConfig(), 1e-3),
                new MethodCase("Freeze, last 2 layers", new FreezeConfig(2), 1e-4),
                new MethodCase("full fine-tuning", new FullConfig(), 1e-4));
    }

    private static MethodCase bottleneck(String name, Placement placement, double rate) {
        return new MethodCase(name, BottleneckConfig.of(placement), rate);
    }

    /** The budget falls in the middle half of the run. */
    private static AdaLoraConfig adaLora(int steps) {
        int quarter = Math.max(1, steps / 4);
        var schedule = new BudgetSchedule(4 * quarter, quarter, quarter, 1, 0);
        return AdaLoraConfig.of(schedule).withRanks(12, 8, 8).withTargets(TargetModules.ALL_LINEAR);
    }

    /** The same with another rate. */
    MethodCase withRate(double rate) {
        return new MethodCase(name, config, rate);
    }
}
