package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.task.AnswerColumn.Type;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A label for each word of a text; words stand between white space. As JSON: {@code {"labels":
 * [...], "scores": [...], "logits": [[...], ...]}}, one a word.
 *
 * <p>A word of which the tokenizer leaves no token has null in its place.
 *
 * @param words the first one is that after the skipped ones; of a text that is too long some are
 *     missing
 * @param skipped how many words were cut off at the start
 * @param truncated whether the text was longer than the limit
 */
public record WordLabels(List<Label> words, int skipped, boolean truncated) implements Prediction {

    /** Stands for a word without a token among labels in one text. */
    static final String NO_LABEL = "\u2205";

    static final List<AnswerColumn> COLUMNS =
            List.of(
                    AnswerColumn.of("labels", Type.STRINGS, WordLabels.class, WordLabels::labels),
                    AnswerColumn.of("score", Type.DOUBLE, WordLabels.class, WordLabels::score));

    public WordLabels {
        words = List.copyOf(words);
    }

    private List<String> labels() {
        return words.stream().map(Label::label).toList();
    }

    /**
     * The labels with spaces between them, {@link #NO_LABEL} for a word without a token; null if
     * another word has none.
     */
    @Override
    public String predicted() {
        return words.stream().anyMatch(word -> word.label() == null && !word.isNone())
                ? null
                : words.stream()
                        .map(word -> word.isNone() ? NO_LABEL : word.label())
                        .collect(Collectors.joining(" "));
    }

    /** The probability of the labels of all words with tokens; 0 if one of these has none. */
    @Override
    public double score() {
        return words.stream()
                .filter(word -> !word.isNone())
                .mapToDouble(Label::score)
                .reduce(1, (a, b) -> a * b);
    }

    @Override
    public boolean isFinite() {
        return words.stream().allMatch(Prediction::isFinite);
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("labels");
        for (Label word : words) {
            json.writeString(word.label());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("scores");
        for (Label word : words) {
            boolean hasScore = word.isFinite() && !word.isNone();
            FiniteJson.write(hasScore ? word.score() : Double.NaN, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("logits");
        for (Label word : words) {
            if (word.isNone()) {
                json.writeNull();
            } else {
                FiniteJson.array(word.logits(), json);
            }
        }
        json.writeEndArray();
    }
}
