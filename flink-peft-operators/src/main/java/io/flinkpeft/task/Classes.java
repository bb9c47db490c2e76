package io.flinkpeft.task;

import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.model.Tokens;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What tasks have in common that give a text one of several labels. */
final class Classes {

    static final String VERB = "classify";

    /** The logits of texts as a whole. */
    static final List<String> PROGRAMS = List.of("classification", "cross_entropy");

    private Classes() {}

    static List<String> labels(ExampleContent content) {
        return content.label() == null ? List.of() : List.of(content.label());
    }

    /** Several labels, or none of several, are no class. */
    static Optional<String> refusal(ExampleContent content) {
        String label = content.label();
        return label == null || label.lines().count() == 1
                ? Optional.empty()
                : Optional.of("Labels " + label.lines().toList() + " must be one label.");
    }

    static ExampleContent good(List<String> labels) {
        return ExampleContent.labelled(
                Task.GOOD_TEXT, labels.isEmpty() ? Task.GOOD_TEXT : labels.get(0));
    }

    /** The number of an example's label; {@link ModelInput#NONE} if it has none. */
    static long target(ExampleContent content, List<String> labels) {
        return content.label() == null ? ModelInput.NONE : labels.indexOf(content.label());
    }

    /** A text that answers as a whole, or by its last token. */
    static ModelInput encode(String text, String textPair, long[] targets, TextEncoder encoder) {
        Tokens tokens = encoder.encode(text, textPair);
        if (!encoder.answersByLastToken()) {
            return new ModelInput(tokens, encoder.echo(tokens), new int[0], targets);
        }
        tokens = encoder.withLast(tokens);
        int[] last = {encoder.last(tokens)};
        return new ModelInput(tokens, encoder.echo(tokens), last, targets);
    }

    /** The label with the highest of the first logits: labels that are new have some too. */
    static Label decode(ModelInput input, float[][] outputs, List<String> known, Scoring scoring) {
        float[] logits = outputs.length == 0 ? new float[0] : outputs[0];
        float[] seen = Arrays.copyOf(logits, Math.min(logits.length, known.size()));
        return Label.of(known, seen, scoring, input.truncated());
    }

    static double loss(ModelInput input, float[][] outputs) {
        return input.known() == 0
                ? Double.NaN
                : -Softmax.logProbability(outputs[0], Math.toIntExact(input.targets()[0]));
    }
}
