package io.flinkpeft.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What stands between a base's hidden states and the outputs that a task is about: program texts,
 * and the tensors that an adapter trains for it.
 *
 * @param kernels the program texts; a task adds those that define {@code outputs} and {@code loss}
 * @param tensors in the order in which the texts read them; they end a row
 * @param reads what the texts need besides hidden states
 */
public record ModelHead(List<String> kernels, List<HeadTensor> tensors, Set<Read> reads) {

    /** What a head needs of a base, or of its input. */
    public enum Read {
        /** The architecture's {@code pool}. */
        POOLER,
        /** The architecture's {@code vocabulary}. */
        VOCABULARY,
        /** Where the last token of each text is. */
        LAST_TOKEN
    }

    public ModelHead {
        kernels = List.copyOf(kernels);
        tensors = List.copyOf(tensors);
        reads = Set.copyOf(reads);
    }

    /** The same with more program texts. */
    public ModelHead with(List<String> more) {
        return new ModelHead(
                Stream.concat(kernels.stream(), more.stream()).toList(), tensors, reads);
    }

    /** A linear layer: {@code weight [labels, features]} and {@code bias [labels]}. */
    public static ModelHead linear(
            List<String> kernels, String module, int features, Read... reads) {
        return new ModelHead(
                kernels,
                List.of(
                        HeadTensor.perLabel(module + ".weight", features),
                        HeadTensor.perLabel(module + ".bias")),
                Set.of(reads));
    }

    /** Two linear layers with tanh between: {@code dense} and {@code out_proj} of a module. */
    static ModelHead dense(List<String> kernels, String module, int features, Read... reads) {
        return new ModelHead(
                kernels,
                List.of(
                        HeadTensor.fixed(module + ".dense.weight", features, features),
                        HeadTensor.fixed(module + ".dense.bias", features),
                        HeadTensor.perLabel(module + ".out_proj.weight", features),
                        HeadTensor.perLabel(module + ".out_proj.bias")),
                Set.of(reads));
    }

    /** Whether a text answers by the hidden state of its last token. */
    public boolean answersByLastToken() {
        return reads.contains(Read.LAST_TOKEN);
    }

    /** Whether the texts call the architecture's {@code pool}. */
    public boolean pooler() {
        return reads.contains(Read.POOLER);
    }

    /** Whether the texts call the architecture's {@code vocabulary}. */
    public boolean predictsTokens() {
        return reads.contains(Read.VOCABULARY);
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
