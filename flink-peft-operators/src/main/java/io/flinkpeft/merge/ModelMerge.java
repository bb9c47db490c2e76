package io.flinkpeft.merge;

import io.flinkpeft.method.TaskType;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Merges an adapter into its base model: a Hugging Face directory that needs no adapter.
 *
 * <pre>{@code
 * LoRA      W' = W + s B A                        Linear [out, in]; transposed for [in, out]
 * DoRA      W' = m (W + s B A) / |W + s B A|      norm of each output's row
 * AdaLoRA   W' = W + alpha B diag(E) A / (r + 1e-5)
 * IA3       W' = l W                              rows, or columns for feed-forward modules
 * }</pre>
 *
 * <pre>{@code
 * ModelMerge.merge(base, adapter, output, Rounding.ONCE);
 * }</pre>
 *
 * <p>Works on the names of tensors, so for every architecture; a tensor at a time, so that memory
 * stays small. Each weight is computed from the base's file, never from a weight that was merged
 * before. Types and files stay as the base has them. Modules that the adapter saves whole replace
 * the base's.
 *
 * <p>Equal to {@code merge_and_unload} of PEFT 0.21.0, to the bit in half precision for the tensors
 * of the tests.
 *
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al., LoRA, 2021, section 4.1</a>
 * @see <a href="https://arxiv.org/abs/2402.09353">Liu et al., DoRA, 2024, section 4.1</a>
 * @see <a href="https://arxiv.org/abs/2303.10512">Zhang et al., AdaLoRA, 2023, section 3.1</a>
 * @see <a href="https://arxiv.org/abs/2205.05638">Liu et al., IA3, 2022, section 3.3</a>
 */
public final class ModelMerge {

    private ModelMerge() {}

    /**
     * Merges.
     *
     * @param model the base's directory
     * @param adapter a PEFT directory
     * @param output an empty directory
     * @param rounding how weights get back to the type of the base
     * @return what a user should know; usually empty
     * @throws IllegalArgumentException if something is missing, broken, not supported, or does not
     *     fit
     * @throws IOException if reading or writing fails
     */
    public static List<String> merge(Path model, Path adapter, Path output, Rounding rounding)
            throws IOException {
        SavedAdapter saved = SavedAdapter.read(adapter);
        ModelFiles base = ModelFiles.open(model);
        try (var merger = new WeightMerger(rounding)) {
            MergePlan plan = inAdapter(adapter, () -> MergePlan.of(base, saved));
            if (rounding == Rounding.TWICE_AND_CHECKED) {
                inAdapter(adapter, plan::checked);
            }
            for (String file : base.files().keySet()) {
                boolean last = file.equals(base.files().lastKey());
                inAdapter(adapter, () -> write(base, plan, merger, output, file, last));
            }
            ModelCompanions.copy(base, plan, saved, output);
            var notes = new ArrayList<>(saved.notes());
            notes.addAll(plan.notes());
            notes.addAll(ModelCompanions.leftOut(base));
            if (hidesSegments(saved, base)) {
                notes.add(
                        "Adapter "
                                + adapter
                                + ": question and context had one segment with it, as PEFT hands a"
                                + " model for question answering none. The merged model takes those"
                                + " of its tokenizer, so its answers may differ. Maybe take"
                                + " token_type_ids out of model_input_names in its"
                                + " tokenizer_config.json.");
            }
            return notes;
        }
    }

    /** Whether the adapter was used without segments that the merged model can tell apart. */
    private static boolean hidesSegments(SavedAdapter saved, ModelFiles base) {
        return saved.task().equals(TaskType.QUESTION_ANS.name())
                && !saved.config().passesSegments()
                && base.config().path("type_vocab_size").asInt() > 1;
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    private static <T> T inAdapter(Path adapter, Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Adapter " + adapter + ": " + e.getMessage(), e);
        }
    }

    private static Path write(
            ModelFiles base,
            MergePlan plan,
            WeightMerger merger,
            Path output,
            String name,
            boolean last)
            throws IOException {
        Files.createDirectories(output);
        SafetensorsFile file = base.files().get(name);
        List<TensorView> tensors = new ArrayList<>();
        for (Map.Entry<String, TensorView> entry : file.tensors().entrySet()) {
            tensors.add(plan.outputOf(entry.getValue()));
        }
        if (last) {
            tensors.addAll(plan.added().values());
        }
        SafetensorsWriter.write(
                output.resolve(name),
                tensors,
                file.metadata(),
                tensor -> {
                    var change = plan.changeOf(tensor);
                    return change == null ? tensor.data() : change.of(tensor, merger);
                });
        return output;
    }
}
