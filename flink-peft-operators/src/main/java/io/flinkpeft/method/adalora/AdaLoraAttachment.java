package io.flinkpeft.method.adalora;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.targets.SavedModules;
import io.flinkpeft.method.targets.TargetMatcher;
import io.flinkpeft.method.targets.TargetModules;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * AdaLoRA on the linear layers of a base: A of every target in order, then E, then B; while
 * training, the importances behind them.
 */
final class AdaLoraAttachment {

    static final String IMPORTANCES = "importances";

    private AdaLoraAttachment() {}

    /** With all that trains. */
    static AttachedMethod training(
            AdaLoraConfig config, List<TargetLayer> sites, AttachedModel model) {
        AttachedMethod serving = serving(config, sites, model);
        var tensors = new TensorLayout.Builder();
        for (TensorLayout.Slot slot : serving.tensors().slots()) {
            tensors.add(slot.name(), slot.shape().toArray(Integer[]::new));
        }
        int size = serving.tensors().size();
        tensors.add(IMPORTANCES, size);
        return AttachedMethod.builder(
                        serving.config(), serving.kernels(), tensors.build(), sites.size())
                .slots(serving.slots())
                .scales(serving.scales())
                .numbers(serving.numbers())
                .dropout(config.dropout())
                .rules(new AdaLoraRules(config))
                // AdamW leaves the importances alone
                .groups(
                        List.of(
                                new AttachedMethod.Group(size),
                                new AttachedMethod.Group(size, 0, 0)))
                .build();
    }

    /** With all that predicts. */
    static AttachedMethod serving(
            AdaLoraConfig config, List<TargetLayer> sites, AttachedModel model) {
        AdaLoraConfig forTask = config.withTaskType(model.task());
        SavedModules.of(forTask, model).refuse(forTask.peftType());
        Map<Integer, Integer> ranks = ranks(forTask, sites, model);
        long[] slots = new long[3 * sites.size()];
        double[] scales = new double[sites.size()];
        Arrays.fill(slots, -1);
        var tensors = new TensorLayout.Builder();
        int place = 0;
        for (String kind : List.of(AdaLoraFiles.A, AdaLoraFiles.E, AdaLoraFiles.B)) {
            int row =
                    List.of(AdaLoraFiles.A, AdaLoraFiles.E, AdaLoraFiles.B).indexOf(kind)
                            * sites.size();
            for (var target : ranks.entrySet()) {
                TargetLayer site = sites.get(target.getKey());
                int rank = target.getValue();
                switch (kind) {
                    case AdaLoraFiles.A ->
                            tensors.add(site.module() + AdaLoraFiles.A, rank, site.in());
                    case AdaLoraFiles.E -> tensors.add(site.module() + AdaLoraFiles.E, rank, 1);
                    default -> tensors.add(site.module() + AdaLoraFiles.B, site.out(), rank);
                }
                // a layer that has lost all its triplets is as it was
                slots[row + target.getKey()] = rank == 0 ? -1 : place;
                scales[target.getKey()] = config.scaling();
                place++;
            }
        }
        Importance importance = config.importance();
        List<TargetLayer> targets = ranks.keySet().stream().map(sites::get).toList();
        return AttachedMethod.builder(
                        forTask.withTargets(TargetModules.of(model.names(), targets)),
                        Map.of(
                                Hook.LINEAR,
                                "adalora",
                                Hook.LOSS,
                                "adalora",
                                Hook.UPDATE,
                                "adalora"),
                        tensors.build(),
                        sites.size())
                .slots(slots)
                .scales(scales)
                .numbers(
                        importance.beta1(),
                        importance.beta2(),
                        importance.orthogonality(),
                        ranks.size())
                .dropout(config.dropout())
                .build();
    }

    /** The rank of each target, by the number of its site. */
    private static Map<Integer, Integer> ranks(
            AdaLoraConfig config, List<TargetLayer> sites, AttachedModel model) {
        List<String> linear = sites.stream().map(model.names()::of).toList();
        List<String> targets =
                new TargetMatcher(model.modelType(), linear, model.others())
                        .match(config, config.targets());
        Map<Integer, Integer> ranks = new LinkedHashMap<>();
        for (int i = 0; i < linear.size(); i++) {
            if (targets.contains(linear.get(i))) {
                List<Boolean> kept = config.rankPattern().get(linear.get(i));
                int rank =
                        kept == null
                                ? config.initialRank()
                                : (int) kept.stream().filter(k -> k).count();
                ranks.put(i, rank);
            }
        }
        return ranks;
    }
}
