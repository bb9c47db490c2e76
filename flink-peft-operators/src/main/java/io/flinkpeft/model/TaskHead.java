package io.flinkpeft.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What stands between a base's hidden states and a task: program texts, and the tensors that an
 * adapter trains for it.
 *
 * @param kernels the program texts that define {@code logits} and {@code loss}, and what these call
 * @param tensors in the order in which the texts read them; they end a row
 * @param pooler whether the texts call the architecture's {@code pool}
 */
public record TaskHead(List<String> kernels, List<HeadTensor> tensors, boolean pooler) {

    public TaskHead {
        kernels = List.copyOf(kernels);
        tensors = List.copyOf(tensors);
    }

    /** A linear layer: {@code weight [labels, features]} and {@code bias [labels]}. */
    public static TaskHead linear(
            List<String> kernels, String module, int features, boolean pooler) {
        return new TaskHead(
                kernels,
                List.of(
                        HeadTensor.perLabel(module + ".weight", features),
                        HeadTensor.perLabel(module + ".bias")),
                pooler);
    }

    /** Two linear layers with tanh between: {@code dense} and {@code out_proj} of a module. */
    static TaskHead dense(List<String> kernels, String module, int features) {
        return new TaskHead(
                kernels,
                List.of(
                        HeadTensor.fixed(module + ".dense.weight", features, features),
                        HeadTensor.fixed(module + ".dense.bias", features),
                        HeadTensor.perLabel(module + ".out_proj.weight", features),
                        HeadTensor.perLabel(module + ".out_proj.bias")),
                false);
    }

    /** Whether a text answers by the hidden state of its last token. */
    public boolean answersByLastToken() {
        return kernels.contains(Pooling.LAST.kernel());
    }

    /** The modules that PEFT saves whole for it, such as {@code classifier}. */
    public Set<String> modules() {
        Set<String> modules = new LinkedHashSet<>();
        tensors.forEach(tensor -> modules.add(tensor.name().split("\\.")[0]));
        return modules;
    }

    /** The first tensor that has a row for each label. */
    public HeadTensor firstPerLabel() {
        return tensors.stream().filter(HeadTensor::perLabel).findFirst().orElseThrow();
    }
}
