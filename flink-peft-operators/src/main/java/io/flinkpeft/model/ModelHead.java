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
public record ModelHead(List<String> kernels, List<HeadTensor> tensors, boolean pooler) {

    public ModelHead {
        kernels = List.copyOf(kernels);
        tensors = List.copyOf(tensors);
    }

    /** A linear layer: {@code weight [labels, features]} and {@code bias [labels]}. */
    public static ModelHead linear(
            List<String> kernels, String module, int features, boolean pooler) {
        return new ModelHead(
                kernels,
                List.of(
                        HeadTensor.perLabel(module + ".weight", features),
                        HeadTensor.perLabel(module + ".bias")),
                pooler);
    }

    /** Two linear layers with tanh between: {@code dense} and {@code out_proj} of a module. */
    static ModelHead dense(List<String> kernels, String module, int features) {
        return new ModelHead(
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

    /** Whether the texts call the architecture's {@code vocabulary}. */
    boolean predictsTokens() {
        return kernels.contains(DecoderHeads.CAUSAL_LM);
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
