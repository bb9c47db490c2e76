package io.flinkpeft.task;

import io.flinkpeft.event.ExampleContent;
import java.util.List;

/**
 * What tasks have in common that predict tokens after others by the checkpoint's own vocabulary, of
 * which nothing is trained. The outputs are negative log likelihoods of the right tokens.
 */
final class LanguageModel {

    static final List<String> PROGRAMS = List.of("causal_lm");

    private LanguageModel() {}

    static ExampleContent good() {
        return new ExampleContent(Task.GOOD_TEXT, null, null, Task.GOOD_TEXT);
    }

    static Likelihood decode(ModelInput input, float[][] outputs) {
        return new Likelihood(loss(outputs), outputs.length, input.truncated());
    }

    static double loss(float[][] outputs) {
        double sum = 0;
        for (float[] output : outputs) {
            sum += output[0];
        }
        return outputs.length == 0 ? Double.NaN : sum / outputs.length;
    }
}
