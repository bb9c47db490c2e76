package io.flinkpeft.method.lora;

import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.targets.SavedModules;
import java.util.List;
import java.util.Map;

/**
 * LoRA on the linear layers of a base, and on its word embeddings: A of every target in order, then
 * B of every target, then what the variant has more.
 */
final class LoraAttachment {

    private LoraAttachment() {}

    /** Attaches a configuration to a base's sites. */
    static AttachedMethod of(LoraConfig config, List<TargetLayer> sites, AttachedModel model) {
        LoraConfig forTask = config.withTaskType(model.task());
        var targets = LoraTargets.of(forTask, sites, model);
        LoraVariant variant = config.variant();
        var rows = new LoraRow(targets);
        rows.add(
                LoraFiles.A,
                LoraFiles.EMBEDDING_A,
                (target, site) -> List.of(target.rank(), site.in()));
        rows.endGroup(1, 1);
        rows.add(
                LoraFiles.B,
                LoraFiles.EMBEDDING_B,
                (target, site) -> List.of(site.out(), target.rank()));
        if (variant.form() == LoraForm.DORA) {
            rows.add(
                    LoraFiles.MAGNITUDE,
                    LoraFiles.MAGNITUDE,
                    (target, site) -> List.of(site.out()));
        }
        boolean pissa = config.initialization() == Initialization.PISSA;
        // as PEFT groups them for LoRA+: all vectors go with B, and biases do not decay
        double ratio = variant.rateRatio();
        rows.endGroup(ratio, 1);
        if (pissa) {
            requireNoEmbedding(targets);
            rows.add(PissaRow.A0, "", (target, site) -> List.of(target.rank(), site.in()));
            rows.add(PissaRow.B0, "", (target, site) -> List.of(site.out(), target.rank()));
            rows.endGroup(0, 0);
        }
        if (variant.biasOfB()) {
            rows.add(LoraFiles.BIAS_OF_B, "", (target, site) -> List.of(site.out()));
        }
        long[] replaced = rows.addBase(variant.bias(), SavedModules.of(forTask, model), model);
        rows.endGroup(ratio, ratio == 1 ? 1 : 0);
        String linear = pissa ? "pissa" : variant.form().kernel();
        return AttachedMethod.builder(
                        forTask.withTargets(targets.named()),
                        targets.embedding()
                                ? Map.of(Hook.LINEAR, linear, Hook.EMBEDDING, "lora_embedding")
                                : Map.of(Hook.LINEAR, linear),
                        rows.tensors(),
                        targets.scales().length)
                .slots(rows.slots())
                .scales(targets.scales())
                .replaced(replaced)
                .dropout(config.dropout())
                .groups(rows.groups())
                .rules(new LoraRules(config.initialization()))
                .build();
    }

    private static void requireNoEmbedding(LoraTargets targets) {
        if (targets.embedding()) {
            throw new IllegalArgumentException(
                    "target_modules has word embeddings, init_lora_weights (PISSA) must have linear"
                            + " layers only.");
        }
    }
}
