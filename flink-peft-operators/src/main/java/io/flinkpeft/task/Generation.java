package io.flinkpeft.task;

import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelHead;
import java.util.List;
import java.util.Optional;

/**
 * What follows a text, or its target under an encoder-decoder. It is asked of adapters of language
 * models, and takes a call of the program for each token.
 *
 * @param decoded how tokens are chosen
 */
public record Generation(Decoding decoded) implements Inference {

    /** The word for it. */
    public static final String VERB = "generate";

    @Override
    public String verb() {
        return VERB;
    }

    @Override
    public boolean serves(Task trained) {
        return trained.predictsTokens();
    }

    @Override
    public Task alone(ModelDirectory model) {
        return model.config().decoderStart().isPresent() ? new Seq2SeqLmTask() : new CausalLmTask();
    }

    /** That of a language model: its program has the logits of the next token. */
    @Override
    public ModelHead head(BaseModel base) {
        return alone(base.directory()).head(base);
    }

    @Override
    public Optional<Decoding> decoding() {
        return Optional.of(decoded);
    }

    /** The text that is continued. */
    @Override
    public ModelInput encode(ExampleContent content, List<String> labels, TextEncoder encoder) {
        return new ModelInput(
                encoder.encode(content.text(), content.textPair()), new int[0], new long[0]);
    }

    /**
     * Nothing: tokens are chosen one after another.
     *
     * @throws IllegalStateException always
     */
    @Override
    public Prediction decode(ModelInput input, float[][] outputs, List<String> known) {
        throw new IllegalStateException("Texts are generated token by token.");
    }

    @Override
    public List<AnswerColumn> columns() {
        return GeneratedText.COLUMNS;
    }
}
