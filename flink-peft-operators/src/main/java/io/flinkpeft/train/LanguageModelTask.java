package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import java.util.List;

/** Tokens that follow others; the outputs are negative log likelihoods of the right ones. */
interface LanguageModelTask extends Task {

    @Override
    default Example good(List<String> labels) {
        return new Example("trial", GOOD_TEXT, null, null, GOOD_TEXT, 0, null, -1, -1);
    }

    @Override
    default List<String> labels(Example example) {
        return List.of();
    }

    @Override
    default boolean judges() {
        return false;
    }

    @Override
    default int columns(int labels) {
        return 1;
    }

    @Override
    default Answer answer(Question question, float[][] outputs, List<String> known) {
        double sum = 0;
        for (float[] output : outputs) {
            sum += output[0];
        }
        return new Answer(null, 0, outputs.length == 0 ? Double.NaN : sum / outputs.length);
    }
}
