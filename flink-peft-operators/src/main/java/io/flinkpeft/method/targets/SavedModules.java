package io.flinkpeft.method.targets;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The modules of a base that an adapter trains and saves whole, PEFT's {@code modules_to_save}:
 * those whose full name ends with one of the names, wherever that begins. The task's head is no
 * part of the base.
 */
public final class SavedModules {

    private static final String LM_HEAD = "lm_head";

    private final List<String> names;
    private final AttachedModel model;

    private SavedModules(List<String> names, AttachedModel model) {
        this.names = names;
        this.model = model;
    }

    /**
     * What a configuration for the model's task saves of it.
     *
     * @throws IllegalArgumentException if that is a word embedding with another use in the model
     */
    public static SavedModules of(PeftConfig config, AttachedModel model) {
        var saved = new SavedModules(names(config), model);
        saved.check();
        return saved;
    }

    private static List<String> names(PeftConfig config) {
        List<String> heads = config.taskType().allHeads();
        return config.modulesToSave().stream().filter(n -> !heads.contains(n)).sorted().toList();
    }

    /** What a fingerprint says of them; empty if there are none. */
    public static String describe(PeftConfig config) {
        List<String> names = names(config);
        return names.isEmpty() ? "" : " saved=" + names;
    }

    /** Whether it is a part of a module that is saved. */
    public boolean contains(BaseTensor tensor) {
        if (tensor.name().isEmpty() || !runs(tensor)) {
            return false;
        }
        String name = model.names().of(tensor.name());
        return IntStream.range(0, name.length())
                .filter(i -> name.charAt(i) == '.')
                .mapToObj(i -> name.substring(0, i))
                .anyMatch(module -> names.stream().anyMatch(module::endsWith));
    }

    /**
     * Adds what is saved to a row that has {@code place} tensors.
     *
     * @return for each tensor of the base the place of what stands for it, or -1; empty if none
     */
    public long[] addTo(TensorLayout.Builder row, int place) {
        long[] replaced = new long[model.tensors().size()];
        Arrays.fill(replaced, -1);
        int next = place;
        for (int i = 0; i < replaced.length; i++) {
            BaseTensor tensor = model.tensors().get(i);
            if (contains(tensor)) {
                row.add(tensor.name(), tensor.shape().toArray(Integer[]::new));
                replaced[i] = next++;
            }
        }
        return next == place ? new long[0] : replaced;
    }

    /**
     * Refuses modules of the base, for a method that saves none.
     *
     * @throws IllegalArgumentException if there are any
     */
    public void refuse(String peftType) {
        if (model.tensors().stream().anyMatch(this::contains)) {
            throw new IllegalArgumentException(
                    "modules_to_save "
                            + names
                            + " must be heads only for peft_type ("
                            + peftType
                            + "). Maybe use LORA.");
        }
    }

    /** A checkpoint may have a pooler or an output layer that nothing reads for this task. */
    private boolean runs(BaseTensor tensor) {
        if (tensor.name().startsWith(LM_HEAD + ".")) {
            return generates();
        }
        return model.task() != TaskType.FEATURE_EXTRACTION || !tensor.name().startsWith("pooler.");
    }

    private boolean generates() {
        return model.task() == TaskType.CAUSAL_LM || model.task() == TaskType.SEQ_2_SEQ_LM;
    }

    /**
     * PEFT's copy of a tied embedding changes one of its uses; the model has one tensor for all.
     */
    private void check() {
        if (names.isEmpty() || model.tensors().isEmpty()) {
            return;
        }
        boolean untied = model.tensors().stream().anyMatch(t -> t.name().startsWith(LM_HEAD + "."));
        boolean shared = model.tensors().get(0).name().startsWith("shared.");
        boolean once = !shared && (!generates() || untied);
        boolean tiedHead = generates() && !untied && names.contains(LM_HEAD);
        if (tiedHead || !once && contains(model.tensors().get(0))) {
            throw new IllegalArgumentException(
                    "modules_to_save "
                            + names
                            + " must not have word embeddings that are used in several places."
                            + " Maybe untie the model's embeddings.");
        }
    }
}
