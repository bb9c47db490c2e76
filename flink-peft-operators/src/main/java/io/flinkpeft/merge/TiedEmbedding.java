package io.flinkpeft.merge;

import io.flinkpeft.model.TiedOutput;
import io.flinkpeft.safetensors.TensorView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The word embedding of a language model whose output layer it is, too. A copy of one of both that
 * an adapter saves whole unties them, as in PEFT; a vocabulary that has grown does not.
 *
 * @param base the model
 * @param adapter with tensors that replace the model's
 */
record TiedEmbedding(ModelFiles base, SavedAdapter adapter) {

    static final String OUTPUT = "lm_head.weight";

    private static final String OUTPUT_MODULE = "lm_head";

    private static final List<String> NAMES =
            List.of("wte", "word_embeddings", "embed_tokens", "shared", "tok_embeddings");

    /** Whether a tensor is a word embedding. */
    static boolean is(String tensor) {
        String[] parts = tensor.split("\\.");
        return parts.length > 1
                && parts[parts.length - 1].equals("weight")
                && NAMES.contains(parts[parts.length - 2]);
    }

    /** How many words the embedding of a model has; empty if it is not known. */
    static OptionalLong words(ModelFiles base) {
        return base.words().stream().mapToLong(tensor -> tensor.shape().get(0)).findFirst();
    }

    /** Whether a module is a word embedding. */
    static boolean isModule(String module) {
        return NAMES.contains(module.substring(module.lastIndexOf('.') + 1));
    }

    /**
     * What the adapter saves whole, with both matrices where they are no longer one.
     *
     * @throws IllegalArgumentException if the model uses the embedding in more places than two
     */
    SortedMap<String, TensorView> whole() {
        if (!sharedInTheModel()) {
            return adapter.whole();
        }
        var whole = new TreeMap<>(adapter.whole());
        Optional<TensorView> embedding =
                whole.keySet().stream().filter(TiedEmbedding::is).map(whole::get).findFirst();
        TensorView output = whole.get(OUTPUT);
        if (output != null && adapter.modules().contains(OUTPUT_MODULE)) {
            requireBases(output);
            whole.remove(OUTPUT);
            output = null;
        }
        if (embedding.isPresent() && output != null && TiedOutput.same(embedding.get(), output)) {
            whole.remove(OUTPUT);
        } else if (output != null || embedding.isPresent() && adapter.saves(embedding.get())) {
            requireTwoPlaces();
            whole.putIfAbsent(OUTPUT, ownEmbedding().named(OUTPUT));
        }
        return whole;
    }

    /** PEFT writes the base's own weight beside an adapter of a tied output layer. */
    private void requireBases(TensorView output) {
        if (!TiedOutput.same(output, ownEmbedding())) {
            throw new IllegalArgumentException(
                    "Tensor "
                            + output.name()
                            + " must have the values of "
                            + ownEmbedding().name()
                            + " of the model, which is tied to it. Maybe the adapter is for another"
                            + " base model.");
        }
    }

    private boolean sharedInTheModel() {
        String task = adapter.task();
        String architectures = base.config().path("architectures").toString();
        boolean language =
                task.endsWith("_LM")
                        || task.isEmpty() && architectures.matches(".*(LM|Generation).*");
        return language && base.find(OUTPUT).isEmpty() && base.tied();
    }

    private void requireTwoPlaces() {
        boolean several =
                base.config().path("is_encoder_decoder").asBoolean()
                        || base.config().path("architectures").toString().contains("MaskedLM");
        if (several) {
            throw new IllegalArgumentException(
                    "modules_to_save "
                            + adapter.json().value("modules_to_save")
                            + " must not have word embeddings that are used in several places."
                            + " Maybe untie the model's embeddings.");
        }
    }

    private TensorView ownEmbedding() {
        return base.words()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Model "
                                                + base.path()
                                                + " has no word embedding among "
                                                + NAMES
                                                + ", must have it to be untied."));
    }
}
