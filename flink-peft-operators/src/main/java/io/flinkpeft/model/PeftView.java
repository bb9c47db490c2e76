package io.flinkpeft.model;

import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.Site;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.safetensors.TensorView;
import java.util.ArrayList;
import java.util.List;

/** How PEFT sees a base model: its layers and tensors by the names that they have there. */
record PeftView(CheckpointTensors checkpoint) {

    private Architecture architecture() {
        return checkpoint.architecture();
    }

    List<Site> sites() {
        return architecture().modules().sites().stream().filter(site -> !inPooler(site)).toList();
    }

    List<Site> sites(boolean pooler) {
        return architecture().modules().sites().stream()
                .filter(site -> pooler || !inPooler(site))
                .map(site -> inPooler(site) ? site : site.within(siblingPrefix()))
                .toList();
    }

    private static boolean inPooler(Site site) {
        return site.module().startsWith("pooler.");
    }

    String modulePrefix(TaskType task) {
        return architecture().poolerBesideModel() ? "" : architecture().prefix(task);
    }

    private String siblingPrefix() {
        return architecture().poolerBesideModel() ? architecture().prefix() : "";
    }

    AttachedModel attached() {
        return attached("", "", "", TaskType.FEATURE_EXTRACTION);
    }

    AttachedModel attached(TaskType task) {
        return attached(modulePrefix(task), architecture().prefix(task), siblingPrefix(), task);
    }

    private AttachedModel attached(
            String prefix, String embeddings, String siblings, TaskType task) {
        List<String> others = new ArrayList<>();
        architecture().copiesOfWordEmbedding().forEach(module -> others.add(embeddings + module));
        architecture().modules().embeddings().forEach(module -> others.add(embeddings + module));
        if (task == TaskType.CAUSAL_LM || task == TaskType.SEQ_2_SEQ_LM) {
            others.add("lm_head");
        }
        return new AttachedModel(
                checkpoint.directory().config().modelType(),
                prefix,
                others,
                task,
                kernelTensors(siblings),
                architecture().shape());
    }

    /** What the kernel reads; without a name where this model has none. */
    private List<BaseTensor> kernelTensors(String prefix) {
        return architecture().modules().tensors().stream()
                .map(name -> kernelTensor(name, prefix))
                .toList();
    }

    private BaseTensor kernelTensor(String name, String prefix) {
        if (checkpoint.absent(name) || architecture().modules().isBuffer(name)) {
            return new BaseTensor("", List.of(0));
        }
        String full = name.startsWith("pooler.") ? name : prefix + name;
        return new BaseTensor(full, dimensions(checkpoint.required(name)));
    }

    private static List<Integer> dimensions(TensorView view) {
        return view.shape().stream().map(Math::toIntExact).toList();
    }
}
