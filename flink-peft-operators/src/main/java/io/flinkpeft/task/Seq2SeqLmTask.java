package io.flinkpeft.task;

import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.evaluation.PerplexityEvaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.model.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * From a text to its target, by an encoder-decoder's own probabilities: each token of the target is
 * predicted by the text and the target's tokens before it, the first one by the decoder's start
 * token. Nothing of the vocabulary is trained.
 */
public record Seq2SeqLmTask() implements Task {

    /** The value of {@code head.kind}. */
    public static final String NAME = "SEQ_2_SEQ_LM";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String verb() {
        return Likelihood.VERB;
    }

    @Override
    public TaskType peftType() {
        return TaskType.SEQ_2_SEQ_LM;
    }

    @Override
    public boolean trainsHead() {
        return false;
    }

    @Override
    public boolean predictsTokens() {
        return true;
    }

    @Override
    public boolean isOwnOf(ModelDirectory model) {
        return model.config().decoderStart().isPresent();
    }

    @Override
    public List<String> programs() {
        return LanguageModel.PROGRAMS;
    }

    @Override
    public ModelHead head(BaseModel base) {
        return Heads.ofVocabulary(this, base).with(programs());
    }

    @Override
    public Optional<List<String>> fixedLabels() {
        return Optional.of(List.of());
    }

    @Override
    public boolean learnsFrom(ExampleContent content) {
        return content.target() != null;
    }

    @Override
    public String taughtBy() {
        return "target";
    }

    @Override
    public ExampleContent good(List<String> labels) {
        return LanguageModel.good();
    }

    @Override
    public ModelInput encode(ExampleContent content, List<String> labels, TextEncoder encoder) {
        Tokens text = encoder.encode(content.text(), content.textPair());
        Tokens start = encoder.decoderStart();
        if (text.length() == 0) {
            return nothing(start, start); // there is nothing to attend to
        }
        if (content.target() == null) {
            return nothing(text, start);
        }
        Tokens target = encoder.encode(content.target(), null);
        int[] positions = IntStream.range(0, target.length()).toArray();
        return new ModelInput(
                text, start.followedBy(target.withoutLast()), positions, target.ids());
    }

    private static ModelInput nothing(Tokens text, Tokens start) {
        return new ModelInput(text, start, new int[0], new long[0]);
    }

    @Override
    public Likelihood decode(ModelInput input, float[][] outputs, List<String> known) {
        return LanguageModel.decode(input, outputs);
    }

    @Override
    public double loss(ModelInput input, float[][] outputs) {
        return LanguageModel.loss(outputs);
    }

    @Override
    public boolean judges() {
        return false;
    }

    @Override
    public Evaluation evaluation() {
        return new PerplexityEvaluation();
    }

    @Override
    public List<AnswerColumn> columns() {
        return Likelihood.COLUMNS;
    }
}
