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
 * @param words the first one is that after the skipped ones; of a text that is too long some are
 *     missing
 * @param skipped how many words were cut off at the start
 * @param truncated whether the text was longer than the limit
 */
public record WordLabels(List<Label> words, int skipped, boolean truncated) implements Prediction {

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

    /** The labels with spaces between them; null if a word has none. */
    @Override
    public String predicted() {
        return words.stream().anyMatch(word -> word.label() == null)
                ? null
                : words.stream().map(Label::label).collect(Collectors.joining(" "));
    }

    /** The probability of the labels of all words; 0 if a word has none. */
    @Override
    public double score() {
        return words.stream().mapToDouble(Label::score).reduce(1, (a, b) -> a * b);
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
            FiniteJson.write(word.isFinite() ? word.score() : Double.NaN, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("logits");
        for (Label word : words) {
            FiniteJson.array(word.logits(), json);
        }
        json.writeEndArray();
    }
}
