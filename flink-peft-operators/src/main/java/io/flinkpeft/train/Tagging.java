package io.flinkpeft.train;

import java.util.List;

/**
 * A label for each word of a text; words stand between white space.
 *
 * @param words the first one is that behind the skipped ones; of a text that is too long some are
 *     missing
 * @param skipped how many words were cut off at the start
 * @param truncated whether the text was longer than the limit
 */
public record Tagging(List<Classification> words, int skipped, boolean truncated)
        implements Prediction {

    public Tagging {
        words = List.copyOf(words);
    }

    @Override
    public boolean isFinite() {
        return words.stream().allMatch(Prediction::isFinite);
    }
}
