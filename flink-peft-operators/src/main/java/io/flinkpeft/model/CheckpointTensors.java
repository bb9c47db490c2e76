package io.flinkpeft.model;

import io.flinkpeft.method.Site;
import io.flinkpeft.safetensors.TensorView;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The tensors of a checkpoint by the names that its architecture has for them, with or without what
 * a checkpoint with a head puts before them.
 */
record CheckpointTensors(ModelDirectory directory, Architecture architecture) {

    static CheckpointTensors of(ModelDirectory directory) {
        return new CheckpointTensors(directory, directory.architecture());
    }

    Optional<TensorView> find(String name) {
        Map<String, TensorView> views = directory.tensors();
        TensorView bare = views.get(name);
        return Optional.ofNullable(bare).or(() -> prefixed(name, views)).or(() -> copyOf(name));
    }

    private Optional<TensorView> prefixed(String name, Map<String, TensorView> views) {
        return architecture.prefixes().stream()
                .map(prefix -> views.get(prefix + name))
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** Some files hold the words' embedding by the name of a module that shares it. */
    private Optional<TensorView> copyOf(String name) {
        return architecture.copiesOfWordEmbedding().stream()
                .filter(copy -> name.equals(wordEmbedding()))
                .flatMap(copy -> find(copy + ".weight").stream())
                .findFirst();
    }

    TensorView required(String name) {
        return find(name)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Model "
                                                + directory.path()
                                                + " has no tensor "
                                                + name
                                                + ", a "
                                                + directory.config().modelType()
                                                + " model must have it."));
    }

    /** The kernel gets an empty tensor then. */
    boolean absent(String name) {
        return name.isEmpty() || architecture.mayLack(name) && find(name).isEmpty();
    }

    String wordEmbedding() {
        return architecture.modules().embeddings().get(0) + ".weight";
    }

    /** A linear layer's weight as {@code [out, in]}, whichever way it is stored. */
    float[] weight(String module) {
        float[] values = required(module + ".weight").toFloats();
        return architecture.modules().sites().stream()
                .filter(site -> site.fanInFanOut() && site.module().equals(module))
                .findFirst()
                .map(site -> transposed(values, site))
                .orElse(values);
    }

    private static float[] transposed(float[] values, Site site) {
        int columns = site.out();
        int rows = values.length / columns;
        float[] transposed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            transposed[i % columns * rows + i / columns] = values[i];
        }
        return transposed;
    }
}
