package io.flinkpeft.model;

import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.safetensors.TensorView;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tensors of a checkpoint by the names that its architecture has for them, with or without what
 * a checkpoint with a head puts before them.
 *
 * @param path of the model
 * @param architecture of the model
 * @param views by name, as {@link CheckpointNames#today} has them
 */
record CheckpointTensors(
        Path path, Architecture architecture, SortedMap<String, TensorView> views) {

    /** How many names a message has. */
    private static final int NAMED = 3;

    Optional<TensorView> find(String name) {
        return preferred(name)
                .or(() -> own(name))
                .or(() -> standsFor(name).flatMap(copy -> own(copy).stream()).findFirst());
    }

    private Optional<TensorView> own(String name) {
        return Optional.ofNullable(views.get(name))
                .or(
                        () ->
                                architecture.prefixes().stream()
                                        .map(prefix -> views.get(prefix + name))
                                        .filter(Objects::nonNull)
                                        .findFirst());
    }

    /** A masked language model's bias may be there twice; transformers adds that of the layer. */
    private Optional<TensorView> preferred(String name) {
        return architecture
                .maskedLm()
                .filter(head -> name.equals(head.bias()))
                .flatMap(head -> own(head.outputBias()));
    }

    /** Some files hold the words' embedding by the name of a module that shares it. */
    private Stream<String> standsFor(String name) {
        return name.equals(wordEmbedding())
                ? Stream.concat(copies(), architecture.tiedOutput().stream())
                : Stream.empty();
    }

    private Stream<String> copies() {
        return architecture.copiesOfWordEmbedding().stream().map(module -> module + ".weight");
    }

    TensorView required(String name) {
        return find(name).orElseThrow(() -> missing(List.of(name)));
    }

    /** Refuses a checkpoint without a tensor that the kernel reads. */
    void requireAll() {
        List<String> missing =
                architecture.modules().tensors().stream()
                        .filter(name -> !absent(name) && find(name).isEmpty())
                        .toList();
        if (!missing.isEmpty()) {
            throw missing(missing);
        }
    }

    private IllegalArgumentException missing(List<String> names) {
        return new IllegalArgumentException(
                "Model "
                        + path
                        + " has no tensor "
                        + listed(names)
                        + ", a "
                        + architecture.config().modelType()
                        + " model must have "
                        + (names.size() == 1 ? "it." : "them.")
                        + longer(names.get(0)));
    }

    /** A file may have been written by a wrapper of the model. */
    private String longer(String name) {
        return views.keySet().stream()
                .filter(other -> other.endsWith("." + name))
                .findFirst()
                .map(other -> " Maybe rename " + other + " and its kind.")
                .orElse("");
    }

    private static String listed(List<String> names) {
        String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        int more = names.size() - NAMED;
        return more > 0 ? first + " and " + more + " more" : first;
    }

    /**
     * Refuses tensors that are not of the sizes that config.json says.
     *
     * @throws IllegalArgumentException with the first that is not
     */
    void checkShapes() {
        architecture.modules().shapes().forEach(this::checkShape);
        architecture.tiedOutput().ifPresent(name -> checkShape(name, wordShape()));
        copies().forEach(name -> checkCopy(name));
    }

    private List<Long> wordShape() {
        return architecture.modules().shapes().get(wordEmbedding());
    }

    private void checkShape(String name, List<Long> shape) {
        find(name)
                .filter(tensor -> !tensor.shape().equals(shape))
                .ifPresent(
                        tensor -> {
                            throw new IllegalArgumentException(
                                    "Tensor "
                                            + tensor.name()
                                            + " has shape "
                                            + tensor.shape()
                                            + ", must have "
                                            + shape
                                            + " by config.json.");
                        });
    }

    /** transformers would use both of them. */
    private void checkCopy(String name) {
        Optional<TensorView> words = own(wordEmbedding());
        own(name)
                .filter(copy -> words.filter(tensor -> !TiedOutput.same(tensor, copy)).isPresent())
                .ifPresent(
                        copy -> {
                            throw new IllegalArgumentException(
                                    "Tensor "
                                            + copy.name()
                                            + " has other values than "
                                            + words.get().name()
                                            + ", must have the same.");
                        });
    }

    /**
     * Whether the file has an output embedding beside that of the words, with other values: the
     * configuration says wrongly that they are one, and transformers takes both.
     */
    boolean hasOwnOutput() {
        Optional<TensorView> output = architecture.tiedOutput().flatMap(this::own);
        Optional<TensorView> words = own(wordEmbedding());
        return TiedOutput.differ(output, words);
    }

    /** Names of tensors that neither the model reads nor any head that it may have. */
    List<String> unread() {
        Set<String> unread = new TreeSet<>();
        views.values().forEach(tensor -> unread.add(tensor.name()));
        architecture.modules().tensors().forEach(name -> remove(name, unread));
        copies().forEach(name -> remove(name, unread));
        remove(Modules.OUTPUT + ".weight", unread);
        architecture.maskedLm().ifPresent(head -> remove(head.output(), unread));
        architecture.maskedLm().ifPresent(head -> remove(head.outputBias(), unread));
        architecture
                .maskedLm()
                .flatMap(head -> own(head.bias()))
                .ifPresent(tensor -> unread.remove(tensor.name()));
        for (ModelHead head : architecture.heads().values()) {
            head.tensors().forEach(tensor -> remove(tensor.name(), unread));
        }
        return unread.stream().filter(name -> !CheckpointNames.isComputed(name)).toList();
    }

    private void remove(String name, Set<String> names) {
        find(name).ifPresent(tensor -> names.remove(tensor.name()));
    }

    /** What a user should know of the file, a line each. */
    List<String> notes() {
        List<String> unread = unread();
        return unread.isEmpty()
                ? List.of()
                : List.of(
                        "Model "
                                + path
                                + " has tensors that are not read: "
                                + listed(unread)
                                + ".");
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
        float[] values = required(weightOf(module)).toFloats();
        return architecture.modules().sites().stream()
                .filter(site -> site.fanInFanOut() && site.module().equals(module))
                .findFirst()
                .map(site -> transposed(values, site))
                .orElse(values);
    }

    /** The tensor that is a module's weight: an output embedding may be that of the words. */
    String weightOf(String module) {
        String name = module + ".weight";
        boolean own = architecture.modules().tensors().contains(name) && !absent(name);
        return module.equals(Modules.OUTPUT) && !own ? wordEmbedding() : name;
    }

    private static float[] transposed(float[] values, TargetLayer site) {
        int columns = site.out();
        int rows = values.length / columns;
        float[] transposed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            transposed[i % columns * rows + i / columns] = values[i];
        }
        return transposed;
    }
}
