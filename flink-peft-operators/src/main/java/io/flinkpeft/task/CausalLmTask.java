package io.flinkpeft.task;

import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.evaluation.PerplexityEvaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.model.Tokens;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Continuation of a text, by the checkpoint's own probabilities of the next token: each token is
 * predicted by those before it. Nothing of the vocabulary is trained.
 *
 * <p>With a target only its tokens count, else all that have one before them; a prompt's tokens
 * stand before the first, prefixes do not, as in PEFT.
 */
public record CausalLmTask() implements Task {

    /** The value of {@code head.kind}. */
    public static final String NAME = "CAUSAL_LM";

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
        return TaskType.CAUSAL_LM;
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
    public boolean endsTargets() {
        return true;
    }

    @Override
    public boolean isOwnOf(ModelDirectory model) {
        return model.generates();
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
        return true;
    }

    @Override
    public String taughtBy() {
        return "text";
    }

    @Override
    public ExampleContent good(List<String> labels) {
        return LanguageModel.good();
    }

    @Override
    public ModelInput encode(ExampleContent content, List<String> labels, TextEncoder encoder) {
        if (content.target() == null) {
            Tokens tokens = encoder.encode(content.text(), content.textPair());
            return from(tokens, encoder.prompted() ? 0 : 1);
        }
        Tokens target = encoder.continuation(content.target());
        Tokens text = encoder.encode(content.text(), content.textPair(), target.length());
        Tokens both = text.followedBy(target);
        return from(both, Math.max(text.length(), encoder.prompted() ? 0 : 1));
    }

    /** Every token from the given one on is a target. */
    private static ModelInput from(Tokens tokens, int first) {
        int from = Math.min(first, tokens.length()); // a text may have no token
        long[] targets = Arrays.copyOfRange(tokens.ids(), from, tokens.length());
        int[] positions = new int[targets.length];
        Arrays.setAll(positions, i -> from + i - 1);
        return new ModelInput(tokens, positions, targets);
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
