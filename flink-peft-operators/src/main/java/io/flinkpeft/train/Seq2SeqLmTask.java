package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import io.flinkpeft.model.Tokens;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From a text to its target: each token of the target is predicted by the text and the target's
 * tokens before it, the first one by the decoder's start token. The outputs are negative log
 * likelihoods.
 */
final class Seq2SeqLmTask implements LanguageModelTask {

    @Override
    public Question question(Example example, List<String> labels, Encoder encoder) {
        Tokens text = encoder.encode(example.text(), example.textPair());
        Tokens start = encoder.decoderStart();
        if (text.length() == 0) {
            return nothing(start, start); // there is nothing to attend to
        }
        if (example.target() == null) {
            return nothing(text, start);
        }
        Tokens target = encoder.encode(example.target(), null);
        int[] places = IntStream.range(0, target.length()).toArray();
        return new Question(text, start.followedBy(target.withoutLast()), places, target.ids());
    }

    private static Question nothing(Tokens text, Tokens start) {
        return new Question(text, start, new int[0], new long[0]);
    }
}
