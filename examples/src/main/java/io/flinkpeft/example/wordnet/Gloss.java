package io.flinkpeft.example.wordnet;

import java.io.Serializable;

/**
 * A definition of WordNet.
 *
 * @param text the definition, without the sentences that show its use
 * @param label the lexicographer file it stands in, such as {@code noun.animal}
 */
public record Gloss(String text, String label) implements Serializable {

    /** How many words the text has. */
    int words() {
        return text.split(" ").length;
    }
}
