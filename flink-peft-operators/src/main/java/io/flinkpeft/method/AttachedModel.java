package io.flinkpeft.method;

import java.util.List;

/**
 * A base model as PEFT sees it when it looks for target modules.
 *
 * @param modelType the model family, such as {@code bert}; it decides the default targets
 * @param names how the model with its head calls its modules
 * @param others modules that are not linear layers, by their full names
 * @param task what the model with its head is for
 * @param tensors what the kernel reads, in its order
 * @param shape its sizes
 * @param sublayers where its sublayers end
 * @param takesPrefixes whether PEFT can put keys and values before a text's own
 */
public record AttachedModel(
        String modelType,
        FullNames names,
        List<String> others,
        TaskType task,
        List<BaseTensor> tensors,
        ModelShape shape,
        List<SublayerPlace> sublayers,
        boolean takesPrefixes) {

    public AttachedModel {
        others = List.copyOf(others);
        tensors = List.copyOf(tensors);
        sublayers = List.copyOf(sublayers);
    }

    /** A model of which only the linear layers count. */
    public AttachedModel(String modelType, String prefix, List<String> others, TaskType task) {
        this(
                modelType,
                new FullNames(prefix, List.of()),
                others,
                task,
                List.of(),
                new ModelShape(0, 0, 0, 0, 0),
                List.of(),
                true);
    }
}
