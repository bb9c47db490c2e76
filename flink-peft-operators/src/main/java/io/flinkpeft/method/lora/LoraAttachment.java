package io.flinkpeft.method.lora;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.SavedModules;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.Site;
import java.util.List;
import java.util.Map;

/**
 * LoRA on the linear layers of a base, and on its word embeddings: A of every target in order, then
 * B of every target, then what the variant has more.
 */
public final class LoraAttachment {

    private LoraAttachment() {}

    /** Attaches a configuration to a base's sites. */
    public static Attachment of(LoraConfig config, List<Site> sites, AttachedModel model) {
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
        boolean pissa = config.initialisation() == Initialisation.PISSA;
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
        return Attachment.builder(
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
                .build();
    }

    /**
     * A as configured, B zero, so that a fresh adapter changes nothing; of an embedding A is zero
     * and B is normal.
     */
    public static void initialise(
            Initialisation initialisation, Attachment attachment, long seed, float[] row) {
        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            if (slot.name().endsWith(LoraFiles.A)) {
                long stream = Seeds.derive(seed, slot.name());
                for (int i = 0; i < slot.size(); i++) {
                    row[slot.offset() + i] = initial(initialisation, slot, stream, i);
                }
            }
            if (slot.name().endsWith(LoraFiles.EMBEDDING_B)) {
                long stream = Seeds.derive(seed, slot.name());
                for (int i = 0; i < slot.size(); i++) {
                    row[slot.offset() + i] = Seeds.gaussian(stream, i);
                }
            }
        }
    }

    /**
     * Magnitudes are the norms of the frozen weight's rows, as B is zero; the rest is the base's.
     */
    public static void initialiseFromBase(Attachment attachment, BaseTensors base, float[] row) {
        PissaRow.start(attachment, base, row);
        PissaRow.copyStart(attachment, row);
        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            String name = slot.name();
            if (name.endsWith(LoraFiles.MAGNITUDE)) {
                rowNorms(base.weight(name.replace(LoraFiles.MAGNITUDE, "")), slot, row);
            } else if (!name.contains(LoraFiles.OWN) && !PissaRow.isStart(name)) {
                float[] values = base.values(name.replace(LoraFiles.BASE_LAYER, ""));
                System.arraycopy(values, 0, row, slot.offset(), values.length);
            }
        }
    }

    private static void requireNoEmbedding(LoraTargets targets) {
        if (targets.embedding()) {
            throw new IllegalArgumentException(
                    "target_modules has word embeddings, init_lora_weights (PISSA) must have linear"
                            + " layers only.");
        }
    }

    private static void rowNorms(float[] weight, TensorLayout.Slot slot, float[] row) {
        int in = weight.length / slot.size();
        for (int i = 0; i < slot.size(); i++) {
            double sum = 0;
            for (int j = i * in; j < (i + 1) * in; j++) {
                sum += (double) weight[j] * weight[j];
            }
            row[slot.offset() + i] = (float) Math.sqrt(sum);
        }
    }

    private static float initial(
            Initialisation initialisation, TensorLayout.Slot slot, long stream, int index) {
        return switch (initialisation) {
            // Kaiming's uniform with a slope of sqrt(5)
            case KAIMING_UNIFORM ->
                    (2 * Seeds.uniform(stream, index) - 1) / (float) Math.sqrt(slot.columns());
            case GAUSSIAN -> Seeds.gaussian(stream, index) / slot.shape().get(0);
            case PISSA -> 0; // the base decides
        };
    }
}
