package io.flinkpeft.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.method.ModelShape;
import io.flinkpeft.method.SublayerPlace;
import io.flinkpeft.method.TaskType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the engine must know of a model besides its kernel text: one implementation a family, made
 * with the model's own configuration.
 *
 * <p>The names are those of Hugging Face's bare model, such as {@code
 * encoder.layer.0.output.dense}.
 */
interface Architecture {

    /** What {@code config.json} says. */
    ModelConfig config();

    /** Its program text, such as {@code bert}. */
    String kernel();

    /** All its program texts: its own, and what it shares with other families. */
    default List<String> kernels() {
        return List.of(kernel());
    }

    /** Its activation function as an expression of {@code x}. */
    String activation();

    /** The prefix of its tensors in a checkpoint with a head, such as {@code bert.}. */
    String prefix();

    /** The same in a checkpoint with the head for a task, where that is another. */
    default String prefix(TaskType task) {
        return prefix();
    }

    /** Every prefix that its tensors may have. */
    default List<String> prefixes() {
        return Arrays.stream(TaskType.values()).map(this::prefix).distinct().toList();
    }

    /**
     * Modules that a checkpoint with a head has beside the bare model, not in it: their names have
     * no prefix.
     */
    default List<String> besideModel() {
        return List.of(Modules.OUTPUT);
    }

    /** The head of its masked language model; empty if it has none. */
    default Optional<MaskedLmHead> maskedLm() {
        return Optional.empty();
    }

    /** How a text is pooled if nothing says how the model was trained to. */
    default Pooling pooling() {
        return Pooling.MEAN;
    }

    /**
     * Where its sublayers end, as AdapterHub sees it: the order is that of the kernel where names
     * end alike.
     */
    List<SublayerPlace> sublayers();

    /** Whether PEFT can put keys and values before a text's own. */
    default boolean takesPrefixes() {
        return true;
    }

    /**
     * The token that takes no position of its own, even where it is written in a text; empty if all
     * take one.
     */
    default OptionalLong withoutPosition() {
        return OptionalLong.empty();
    }

    /** Its modules, in the order in which their tensors are loaded. */
    Modules modules();

    /**
     * Whether a checkpoint may be without a tensor; it is empty then.
     *
     * @param tensor one of those of its modules
     */
    default boolean mayLack(String tensor) {
        return tensor.startsWith("pooler.") || maskedLm().filter(h -> h.has(tensor)).isPresent();
    }

    /** Modules of an encoder-decoder whose weight is that of the words' embedding. */
    default List<String> copiesOfWordEmbedding() {
        return List.of();
    }

    /**
     * The tensor of the output embedding where the configuration says that it is that of the words;
     * a checkpoint may have either of them, or both.
     */
    default Optional<String> tiedOutput() {
        return maskedLm().filter(MaskedLmHead::tied).map(MaskedLmHead::output);
    }

    /**
     * The configuration of the same model with an output embedding of its own.
     *
     * @param config changed
     */
    default ObjectNode untied(ObjectNode config) {
        return config.put("tie_word_embeddings", false);
    }

    /** The tensor that gives logits of the vocabulary; empty if there is none. */
    default Optional<String> vocabulary() {
        return Optional.empty();
    }

    /** The heads that checkpoints of this family have in transformers, by what they are for. */
    Map<TaskType, ModelHead> heads();

    /** What its program needs besides tensors, such as the norms' epsilon. */
    BaseConstants constants();

    /** The sizes that prompts and prefixes go by. */
    default ModelShape shape() {
        ModelConfig config = config();
        int width = config.hiddenSize();
        return new ModelShape(config.layers(), config.heads(), config.heads(), width, width);
    }
}
