package io.flinkpeft.method.lora;

import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.FullNames;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.targets.ModuleNames;
import io.flinkpeft.method.targets.TargetMatcher;
import io.flinkpeft.method.targets.TargetModules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The places that a LoRA adapts: the linear layers that are targets and, as one more site behind
 * all of them, the word embeddings if they are one.
 *
 * @param sites all sites
 * @param targets by the names of their sites, in order
 * @param names how the model with its head calls them
 * @param embedding whether the last site is that of the word embeddings
 */
record LoraTargets(
        List<TargetLayer> sites,
        Map<String, LoraTarget> targets,
        FullNames names,
        boolean embedding) {

    static LoraTargets of(LoraConfig config, List<TargetLayer> linear, AttachedModel model) {
        List<TargetLayer> sites = new ArrayList<>(linear);
        if (!(config.targets().names() instanceof ModuleNames.AllLinear)) {
            wordEmbeddings(model).ifPresent(sites::add);
        }
        List<String> full = sites.stream().map(model.names()::of).toList();
        List<String> others = model.others().stream().filter(m -> !full.contains(m)).toList();
        Map<String, LoraTarget> targets = new LinkedHashMap<>();
        var matcher = new TargetMatcher(model.modelType(), full, others);
        for (LoraTarget target : LoraTarget.of(config, matcher)) {
            targets.put(sites.get(full.indexOf(target.module())).module(), target);
        }
        TargetLayer last = sites.get(sites.size() - 1);
        boolean embedding = sites.size() > linear.size() && targets.containsKey(last.module());
        if (embedding && config.variant().form() != LoraForm.ADAPTER) {
            throw new IllegalArgumentException(
                    "target_modules has "
                            + last.module()
                            + ", peft.lora.variant ("
                            + config.variant().form()
                            + ") must be ADAPTER for embeddings, and so use_dora false.");
        }
        return new LoraTargets(embedding ? sites : linear, targets, model.names(), embedding);
    }

    /** The word embeddings as a site: from the vocabulary to the width. */
    private static Optional<TargetLayer> wordEmbeddings(AttachedModel model) {
        return model.others().stream()
                .limit(1)
                .map(name -> name.substring(model.names().prefix().length()))
                .flatMap(
                        module ->
                                model.tensors().stream()
                                        .filter(t -> t.name().equals(module + ".weight"))
                                        .map(t -> site(module, t)))
                .findFirst();
    }

    private static TargetLayer site(String module, BaseTensor table) {
        return new TargetLayer(module, table.shape().get(0), table.shape().get(1));
    }

    boolean isEmbedding(int site) {
        return embedding && site == sites.size() - 1;
    }

    /** The target at a site, or null. */
    LoraTarget at(int site) {
        return targets.get(sites.get(site).module());
    }

    /** The factor at each site, 0 where there is no target. */
    double[] scales() {
        return sites.stream()
                .mapToDouble(
                        site -> {
                            LoraTarget target = targets.get(site.module());
                            return target == null ? 0 : target.scaling();
                        })
                .toArray();
    }

    /** The targets by their names in the model, the embeddings first. */
    TargetModules named() {
        List<TargetLayer> own = new ArrayList<>(sites);
        Collections.rotate(own, embedding ? 1 : 0);
        own.removeIf(site -> !targets.containsKey(site.module()));
        return TargetModules.of(names, own);
    }
}
