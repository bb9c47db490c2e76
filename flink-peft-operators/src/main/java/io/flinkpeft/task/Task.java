package io.flinkpeft.task;

import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelHead;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What adapters are trained for, and all that follows from it: which head a base has for it, what
 * is learned from an example, how a text becomes the model's input and its outputs a prediction,
 * whether that is right, and how it is measured and shown.
 *
 * <p>The list below is the registry: {@link Tasks} finds them there, each made without arguments.
 * Of several that a checkpoint answers as it is the first is its own; of several that PEFT has one
 * type for the last is meant where nothing says more.
 */
public sealed interface Task extends Inference, Serializable
        permits StreamTask,
                TokenClassificationTask,
                QuestionAnsweringTask,
                RegressionTask,
                MultiLabelTask,
                CheckpointTask,
                ClozeTask,
                Seq2SeqLmTask,
                CausalLmTask {

    /** A text that every tokenizer has tokens for. */
    String GOOD_TEXT = "a";

    /** The value of the option {@code head.kind}; versions carry it. */
    String name();

    /** What PEFT calls a model for this task. */
    TaskType peftType();

    /** What a method's own configuration may say that it is for, if it says anything. */
    default TaskType methodType() {
        return peftType();
    }

    /** Adapters answer what they were trained for, and what is asked in the same word. */
    @Override
    default boolean serves(Task trained) {
        return verb().equals(trained.verb());
    }

    @Override
    default Task alone(ModelDirectory model) {
        return this;
    }

    /** Whether it predicts one label for a text. */
    default boolean predictsOneLabel() {
        return false;
    }

    /** Whether it predicts tokens of a vocabulary, so that texts can be generated. */
    default boolean predictsTokens() {
        return false;
    }

    /** Whether the end of a target is a matter of choice; see {@link TargetEnd}. */
    default boolean endsTargets() {
        return false;
    }

    /** Whether it has the head for streams, which is not PEFT's and grows with new labels. */
    default boolean hasStreamHead() {
        return false;
    }

    /** Whether a head is trained with the adapter. */
    default boolean trainsHead() {
        return true;
    }

    /** The template and the words, if it is asked by such. */
    default Optional<Cloze> cloze() {
        return Optional.empty();
    }

    /**
     * Refuses a task that lacks what it is asked by.
     *
     * @throws IllegalArgumentException with what is missing
     */
    default void checkComplete() {}

    /**
     * Refuses to be asked of a base without an adapter.
     *
     * @throws IllegalArgumentException with the reason
     */
    default void checkAlone() {}

    /** Whether a checkpoint as it is answers this task. */
    boolean isOwnOf(ModelDirectory model);

    /**
     * Refuses a checkpoint whose own head is for something else.
     *
     * @param use what its predictions must not be used for, such as {@code trained}
     * @throws IllegalArgumentException with the reason
     */
    default void check(ModelDirectory model, String use) {}

    /**
     * Refuses a method that cannot be used with it.
     *
     * @throws IllegalArgumentException with the reason
     */
    default void check(PeftConfig method, AttachedMethod attachment) {}

    @Override
    default Task on(BaseModel base) {
        return this;
    }

    /** The program texts that define {@code outputs} and {@code loss}. */
    List<String> programs();

    @Override
    default ModelHead head(BaseModel base) {
        return Heads.of(this, base).with(programs());
    }

    /** The fewest labels that a new head can have. */
    default int leastLabels() {
        return 2;
    }

    /** The labels of its head whatever the checkpoint; empty if they differ. */
    default Optional<List<String>> fixedLabels() {
        return Optional.empty();
    }

    /**
     * The labels of its head on a checkpoint, in the order of its outputs.
     *
     * @param given for a new head, where the checkpoint has none
     */
    default List<String> labels(ModelDirectory model, List<String> given) {
        return fixedLabels()
                .orElseGet(
                        () ->
                                given.isEmpty() || model.hasHead(peftType())
                                        ? model.config().labels()
                                        : given);
    }

    /** Whether an adapter learns from an example. */
    boolean learnsFrom(ExampleContent content);

    /** The field of an example that teaches, for messages. */
    String taughtBy();

    /**
     * Why an example cannot be used, if so.
     *
     * @param labels that the adapter knows
     */
    default Optional<String> refusal(ExampleContent content, List<String> labels) {
        return Optional.empty();
    }

    /** The labels that an example brings, to be among those of its adapter. */
    default List<String> labels(ExampleContent content) {
        return List.of();
    }

    /**
     * An example that can be learned from.
     *
     * @param labels of the head; empty if labels may appear
     */
    ExampleContent good(List<String> labels);

    /** The right answer of an example, as text; null if it has none. */
    default String reference(ExampleContent content) {
        return content.label();
    }

    /** How much each output counts in the loss: those with a target the same, 1 in all. */
    default float[] weights(List<ModelInput> inputs) {
        return ModelInput.weights(inputs);
    }

    /** The loss of a text: mean cross entropy, nats; NaN if no right answer is known. */
    double loss(ModelInput input, float[][] outputs);

    /** Whether a prediction can be right at all; else only its loss says how good it is. */
    default boolean judges() {
        return true;
    }

    /**
     * Whether a prediction is right.
     *
     * @param predicted its text; null, which is wrong, if nothing was predicted
     * @param reference the right answer
     */
    default boolean correct(String predicted, String reference) {
        return reference.equals(predicted);
    }

    /** What measures its predictions. */
    Evaluation evaluation();
}
