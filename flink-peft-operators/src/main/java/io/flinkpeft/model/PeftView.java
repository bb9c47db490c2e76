package io.flinkpeft.model;

import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.FullNames;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.safetensors.TensorView;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How PEFT sees a base model: its layers and tensors by the names that they have there. */
record PeftView(CheckpointTensors checkpoint) {

    private Architecture architecture() {
        return checkpoint.architecture();
    }

    List<TargetLayer> sites() {
        return architecture().modules().sites().stream()
                .filter(site -> !inPooler(site) && !isOutput(site))
                .toList();
    }

    List<TargetLayer> sites(ModelHead head) {
        return architecture().modules().sites().stream()
                .filter(site -> head.pooler() || !inPooler(site))
                .filter(site -> head.predictsTokens() || !isOutput(site))
                .toList();
    }

    private static boolean inPooler(TargetLayer site) {
        return site.module().startsWith("pooler.");
    }

    private static boolean isOutput(TargetLayer site) {
        return site.module().equals(Modules.OUTPUT);
    }

    FullNames names(TaskType task) {
        return new FullNames(architecture().prefix(task), architecture().besideModel());
    }

    AttachedModel attached() {
        return attached(FullNames.BARE, TaskType.FEATURE_EXTRACTION);
    }

    AttachedModel attached(TaskType task) {
        return attached(names(task), task);
    }

    private AttachedModel attached(FullNames names, TaskType task) {
        Set<String> others = new LinkedHashSet<>(architecture().copiesOfWordEmbedding());
        others.addAll(architecture().modules().embeddings()); // the words' come first
        others.addAll(withoutSites());
        return new AttachedModel(
                architecture().config().modelType(),
                names,
                others.stream().map(names::of).toList(),
                task,
                kernelTensors(),
                architecture().shape(),
                architecture().sublayers(),
                architecture().takesPrefixes());
    }

    /** Norms, and what other modules are in: PEFT adapts none of them. */
    private Set<String> withoutSites() {
        Set<String> modules = new LinkedHashSet<>();
        for (String name : architecture().modules().tensors()) {
            for (int end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
                modules.add(name.substring(0, end));
            }
        }
        architecture().modules().sites().forEach(site -> modules.remove(site.module()));
        return modules;
    }

    /** What the kernel reads; without a name where this model has none. */
    private List<BaseTensor> kernelTensors() {
        return architecture().modules().tensors().stream().map(this::kernelTensor).toList();
    }

    private BaseTensor kernelTensor(String name) {
        return checkpoint.absent(name) || architecture().modules().isBuffer(name)
                ? new BaseTensor("", List.of(0))
                : new BaseTensor(name, dimensions(checkpoint.required(name)));
    }

    private static List<Integer> dimensions(TensorView view) {
        return view.shape().stream().map(Math::toIntExact).toList();
    }
}
