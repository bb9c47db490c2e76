package io.flinkpeft.method;

import java.util.List;

/**
 * A base model as PEFT sees it when it looks for target modules.
 *
 * @param modelType the model family, such as {@code bert}; it decides the default targets
 * @param prefix what the model with its head puts before the names of the bare model's modules,
 *     such as {@code bert.}; empty for the bare model
 * @param others modules that are not linear layers, by their full names
 * @param task what the model with its head is for
 */
public record AttachedModel(String modelType, String prefix, List<String> others, TaskType task) {

    public AttachedModel {
        others = List.copyOf(others);
    }
}
