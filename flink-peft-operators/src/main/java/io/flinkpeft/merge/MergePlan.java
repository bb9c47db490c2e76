package io.flinkpeft.merge;

import io.flinkpeft.method.codec.WeightChange;
import io.flinkpeft.safetensors.TensorView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which tensors of a base an adapter changes, and how.
 *
 * @param changes what is computed, by the tensor's name in the base
 * @param replaced tensors that take the place of the base's, by that name; in the type of the base
 * @param added tensors that the base lacks, by the adapter's name
 * @param prefix what the adapter has before the base's names, such as {@code bert.}; empty if
 *     nothing
 * @param notes what a user should know
 */
record MergePlan(
        SortedMap<String, Change> changes,
        SortedMap<String, TensorView> replaced,
        SortedMap<String, TensorView> added,
        String prefix,
        List<String> notes) {

    /** Computes a tensor from the base's. */
    interface Change {
        ByteBuffer of(TensorView base, WeightMerger merger);
    }

    /**
     * Plans a merge.
     *
     * @throws IllegalArgumentException if the adapter does not fit the base
     */
    static MergePlan of(ModelFiles base, SavedAdapter adapter) {
        var plan =
                new MergePlan(
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        prefix(base, adapter),
                        new ArrayList<>());
        new TiedEmbedding(base, adapter)
                .whole()
                .forEach((name, tensor) -> plan.addWhole(base, name, tensor));
        adapter.changes().values().forEach(change -> plan.add(base, change));
        plan.checkVocabulary(base);
        new CompleteAdapter(base, changed(base, adapter), plan.replaced.keySet(), plan.prefix)
                .check(adapter);
        return plan;
    }

    /** Whether the output layer was the embedding and is no longer. */
    boolean unties() {
        return added.containsKey(TiedEmbedding.OUTPUT);
    }

    /** How many rows the word embedding has behind the merge; empty if it is as before. */
    OptionalLong vocabulary() {
        return replaced.values().stream()
                .filter(tensor -> TiedEmbedding.is(tensor.name()))
                .mapToLong(tensor -> tensor.shape().get(0))
                .findFirst();
    }

    /** A vocabulary grows in the embedding and in the output layer. */
    private void checkVocabulary(ModelFiles base) {
        Optional<TensorView> output =
                base.find(TiedEmbedding.OUTPUT)
                        .map(own -> replaced.getOrDefault(own.name(), own))
                        .or(() -> Optional.ofNullable(added.get(TiedEmbedding.OUTPUT)));
        OptionalLong words = vocabulary().isPresent() ? vocabulary() : TiedEmbedding.words(base);
        boolean touched =
                output.isPresent()
                        && (vocabulary().isPresent()
                                || unties()
                                || replaced.containsValue(output.get()));
        if (touched && words.isPresent() && output.get().shape().get(0) != words.getAsLong()) {
            throw new IllegalArgumentException(
                    "The vocabulary has "
                            + words.getAsLong()
                            + " words in the embedding, must have as many in "
                            + TiedEmbedding.OUTPUT
                            + " "
                            + output.get().shape()
                            + ". Maybe the adapter's file is only a part.");
        }
    }

    /** The same, if tensors that replace or add to the base's have finite values only. */
    MergePlan checked() {
        for (var tensors : List.of(replaced, added)) {
            for (TensorView tensor : tensors.values()) {
                for (float value : tensor.toFloats()) {
                    if (!Float.isFinite(value)) {
                        throw new IllegalArgumentException(
                                "Values of "
                                        + tensor.name()
                                        + " must be finite. Maybe the adapter is broken.");
                    }
                }
            }
        }
        return this;
    }

    /** The tensor to write for one of the base: under its name there, replaced if need be. */
    TensorView outputOf(TensorView own) {
        TensorView now = replaced.getOrDefault(own.name(), own);
        return now.named(outputName(own.name()));
    }

    /** The name that a tensor of the base gets. */
    String outputName(String name) {
        // with a new head the model is no longer the bare one
        return added.isEmpty() ? name : prefix + name;
    }

    /** The change of a tensor to write; null if it stays. */
    Change changeOf(TensorView output) {
        String name = output.name();
        return changes.get(added.isEmpty() ? name : name.substring(prefix.length()));
    }

    /** The weights that the adapter has a change for, if only one of rank 0. */
    private static Set<String> changed(ModelFiles base, SavedAdapter adapter) {
        return adapter.modules().stream()
                .flatMap(module -> base.weights(module).stream())
                .map(TensorView::name)
                .collect(Collectors.toSet());
    }

    private static String prefix(ModelFiles base, SavedAdapter adapter) {
        // a tied output layer has the name of another tensor
        Optional<String> module =
                adapter.modules().stream()
                        .filter(each -> !TiedEmbedding.OUTPUT.equals(each + ".weight"))
                        .findFirst();
        if (module.isEmpty()) {
            return "";
        }
        String name = module.get() + ".weight";
        String found = base.weight(module.get()).name();
        return name.endsWith("." + found) ? name.substring(0, name.length() - found.length()) : "";
    }

    private void addWhole(ModelFiles base, String name, TensorView tensor) {
        Optional<TensorView> own = base.find(name);
        if (own.isEmpty()) {
            added.put(name, tensor.named(name));
            notes.add(
                    name.equals(TiedEmbedding.OUTPUT)
                            ? "Tensor "
                                    + name
                                    + " is no longer the embedding: tie_word_embeddings is false."
                            : "Tensor " + name + " is new: the base model lacks it.");
            return;
        }
        TensorView cast = tensor.as(WeightMerger.checkedType(own.get()));
        replaced.put(own.get().name(), cast.named(own.get().name()));
        if (!tensor.shape().equals(own.get().shape())) {
            notes.add(
                    "Tensor "
                            + name
                            + " has shape "
                            + tensor.shape()
                            + " as the adapter has it; the base model has "
                            + own.get().shape()
                            + ".");
        }
    }

    private void add(ModelFiles base, WeightChange change) {
        String module = change.module();
        TensorView weight = base.weight(module);
        List<Long> shape = change.shape(weight.shape());
        TensorView now = replaced.getOrDefault(weight.name(), weight);
        boolean transposed =
                change.embedding()
                        ? isEmbedding(now, change)
                        : base.isTransposed(module, shape.get(0), shape.get(1));
        change.weight()
                .ifPresent(
                        step ->
                                change(
                                        base,
                                        module,
                                        (w, merger) ->
                                                merger.weight(
                                                        w, step, transposed, change.embedding())));
        change.bias()
                .flatMap(step -> bias(base, change).map(bias -> Map.entry(bias, step)))
                .ifPresent(
                        each ->
                                changes.put(
                                        each.getKey().name(),
                                        (bias, merger) -> merger.bias(bias, each.getValue())));
    }

    /** A tied weight changes in both its uses, as in PEFT. */
    private void change(ModelFiles base, String module, Change change) {
        for (TensorView weight : base.weights(module)) {
            if (changes.put(weight.name(), change) != null) {
                throw new IllegalArgumentException(
                        "Tensor "
                                + weight.name()
                                + " must be changed once, the adapter has layers for the embedding"
                                + " and for the output layer that is tied to it. Maybe untie the"
                                + " model first.");
            }
        }
        noteIfTied(base, module, base.weight(module));
    }

    private static boolean isEmbedding(TensorView weight, WeightChange change) {
        List<Long> shape = change.shape(weight.shape());
        if (!weight.shape().equals(List.of(shape.get(1), shape.get(0)))) {
            throw new IllegalArgumentException(
                    "The adapter has "
                            + shape.get(1)
                            + " rows of "
                            + shape.get(0)
                            + " for "
                            + change.module()
                            + ", the model has shape "
                            + weight.shape()
                            + ". Maybe it is for another base model.");
        }
        return true;
    }

    private static Optional<TensorView> bias(ModelFiles base, WeightChange change) {
        Optional<TensorView> bias = base.find(change.module() + ".bias");
        if (bias.isEmpty() && change.needsBias()) {
            throw new IllegalArgumentException(
                    "Layer "
                            + change.module()
                            + " has no bias, must have one to merge an adapter with lora_bias.");
        }
        return bias;
    }

    private void noteIfTied(ModelFiles base, String module, TensorView weight) {
        String last = module.substring(module.lastIndexOf('.') + 1);
        boolean hasOutput = base.config().path("architectures").toString().contains("LM");
        if (hasOutput
                && (TiedEmbedding.isModule(module) || last.equals("lm_head"))
                && base.tied()) {
            notes.add(
                    "Tensor "
                            + weight.name()
                            + " is tied to the "
                            + (last.equals("lm_head") ? "embedding" : "output layer")
                            + ", which changes with it, as in PEFT. Maybe untie the model first.");
        }
    }
}
