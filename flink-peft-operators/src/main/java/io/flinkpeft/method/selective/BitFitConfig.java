package io.flinkpeft.method.selective;

import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.targets.ModuleNames;
import java.util.List;

/**
 * BitFit: trains the biases of a base, those of its norms included, and the head.
 *
 * <pre>{@code
 * y = x W^T + b      W [out, in]  frozen      b [out]  trained, starts as the base's
 * }</pre>
 *
 * <p>Trains about 0.1 % of a BERT's values. A fresh adapter leaves the output unchanged. A step
 * runs one adapter at a time.
 *
 * <p>Use it for small versions that cost nothing to apply; not for a model without biases, such as
 * Llama.
 *
 * @param modules whose biases are trained, by names or ends of names from a dot on, such as {@code
 *     query}; empty: all; default empty
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 * @see <a href="https://arxiv.org/abs/2106.10199">Ben Zaken et al., BitFit, 2021, section 3</a>
 */
public record BitFitConfig(List<String> modules, TaskType taskType) implements SelectiveConfig {

    private static final String BIAS = ".bias";

    public BitFitConfig {
        modules = modules.stream().distinct().sorted().toList();
    }

    /** Every bias. */
    public BitFitConfig() {
        this(List.of(), TaskType.UNSPECIFIED);
    }

    @Override
    public String peftType() {
        return "BITFIT";
    }

    @Override
    public BitFitConfig withTaskType(TaskType taskType) {
        return new BitFitConfig(modules, taskType);
    }

    @Override
    public String fingerprint() {
        return peftType() + " modules=" + modules;
    }

    @Override
    public List<BaseTensor> selected(List<BaseTensor> tensors) {
        var names = new ModuleNames.Listed(modules);
        List<BaseTensor> biases =
                tensors.stream()
                        .filter(t -> t.name().endsWith(BIAS))
                        .filter(t -> modules.isEmpty() || names.contains(module(t)))
                        .toList();
        if (biases.isEmpty()) {
            throw new IllegalArgumentException(
                    "peft.bitfit.modules "
                            + modules
                            + " must mean at least one module with a bias. Maybe the model has"
                            + " none; then use IA3.");
        }
        return biases;
    }

    private static String module(BaseTensor tensor) {
        return tensor.name().substring(0, tensor.name().length() - BIAS.length());
    }
}
