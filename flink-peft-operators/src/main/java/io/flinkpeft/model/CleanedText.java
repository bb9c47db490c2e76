package io.flinkpeft.model;

import java.util.List;

/** What {@code clean_up_tokenization_spaces} of transformers makes of a decoded text. */
final class CleanedText {

    private CleanedText() {}

    /** The text without the spaces before punctuation, in the order of transformers. */
    static String of(String text) {
        String cleaned = text;
        for (String end : List.of(".", "?", "!", ",")) {
            cleaned = cleaned.replace(" " + end, end);
        }
        cleaned = cleaned.replace(" ' ", "'");
        for (String end : List.of("n't", "'m", "'s", "'ve", "'re")) {
            cleaned = cleaned.replace(" " + end, end);
        }
        return cleaned;
    }
}
