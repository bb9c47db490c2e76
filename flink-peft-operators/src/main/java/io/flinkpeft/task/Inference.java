package io.flinkpeft.task;

import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelHead;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of a text at prediction time: that for which its adapter was trained, which is a
 * {@link Task}, or something else that such an adapter can do.
 *
 * <p>Order of use: {@link #on} a base, {@link #head} for the program, then for each text {@link
 * #encode} and {@link #decode}. Immutable; any thread may use it.
 */
public sealed interface Inference permits Task, Embedding, Generation {

    /** The value of the option {@code task} in SQL; predictions of one word have one form. */
    String verb();

    /**
     * Whether it can be asked of an adapter.
     *
     * @param trained what the adapter was trained for
     */
    boolean serves(Task trained);

    /** What a base without an adapter stands for where this is asked. */
    Task alone(ModelDirectory model);

    /**
     * The same with what it needs to know of a base.
     *
     * @throws IllegalArgumentException if the base cannot answer it
     */
    default Inference on(BaseModel base) {
        return this;
    }

    /**
     * The head on a base: program texts, among them those that define {@code outputs} and {@code
     * loss}, and trained tensors.
     *
     * @throws IllegalArgumentException if the base's family has none, or it lacks a part
     */
    ModelHead head(BaseModel base);

    /** Refuses a limit of tokens that leaves no room for a text. */
    default void check(TextEncoder encoder) {}

    /** How tokens are chosen, if it generates texts token by token; else one call answers. */
    default Optional<Decoding> decoding() {
        return Optional.empty();
    }

    /**
     * What the model reads of a text, and what it should say.
     *
     * @param labels of the adapter, the example's own among them if it is learned from
     */
    ModelInput encode(ExampleContent content, List<String> labels, TextEncoder encoder);

    /** What the program's loss compares the outputs of texts with. */
    default Targets targets(List<ModelInput> inputs) {
        return Targets.classes(inputs);
    }

    /**
     * What the outputs say.
     *
     * @param outputs those of the text
     * @param known the labels that can be predicted
     */
    Prediction decode(ModelInput input, float[][] outputs, List<String> known);

    /** The columns that its predictions have in SQL. */
    List<AnswerColumn> columns();
}
