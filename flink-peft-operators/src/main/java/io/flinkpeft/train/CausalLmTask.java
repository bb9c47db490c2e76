package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import io.flinkpeft.model.Tokens;
import java.util.Arrays;
import java.util.List;

/**
 * Continuation of a text: each token is predicted by those before it. The outputs are negative log
 * likelihoods.
 *
 * <p>With a target only its tokens count, else all that have one before them; a prompt's tokens
 * stand before the first, prefixes do not, as in PEFT.
 */
final class CausalLmTask implements LanguageModelTask {

    @Override
    public Question question(Example example, List<String> labels, Encoder encoder) {
        if (example.target() == null) {
            Tokens tokens = encoder.encode(example.text(), example.textPair());
            return from(tokens, encoder.prompted() ? 0 : 1);
        }
        Tokens target = encoder.continuation(example.target());
        Tokens text = encoder.encode(example.text(), example.textPair(), target.length());
        Tokens both = text.followedBy(target);
        return from(both, Math.max(text.length(), encoder.prompted() ? 0 : 1));
    }

    /** Every token from the given one on is a target. */
    private static Question from(Tokens tokens, int first) {
        int from = Math.min(first, tokens.length()); // a text may have no token
        long[] labels = Arrays.copyOfRange(tokens.ids(), from, tokens.length());
        int[] places = new int[labels.length];
        Arrays.setAll(places, i -> from + i - 1);
        return new Question(tokens, places, labels);
    }
}
