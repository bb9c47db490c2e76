package io.flinkpeft.train;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.file.PeftCodecs;
import io.flinkpeft.model.ModelHead;
import java.util.List;
import java.util.Set;

/** The model's own head in an adapter's file, where {@code modules_to_save} names it. */
final class SavedHead {

    private SavedHead() {}

    /** Whether {@code modules_to_save} names the head, so that it was trained. */
    static boolean named(PeftConfig config, ModelHead head) {
        return head.modules().stream().anyMatch(config.modulesToSave()::contains);
    }

    /**
     * Checks that a head that was trained is in the file: that of the base would give other
     * numbers.
     *
     * @param names the file's tensors
     * @throws IllegalArgumentException if it is not, or not whole
     */
    static void check(PeftConfig config, ModelHead head, Set<String> names) {
        if (!named(config, head)) {
            return;
        }
        List<String> missing =
                head.tensors().stream()
                        .map(tensor -> PeftCodecs.tensors(config).headPrefix() + tensor.name())
                        .filter(name -> !names.contains(name))
                        .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "The adapter lacks tensors "
                            + missing
                            + " of the head that modules_to_save "
                            + config.modulesToSave()
                            + " names, must have them. Maybe save it again with PEFT.");
        }
    }
}
