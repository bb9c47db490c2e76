package io.flinkpeft.event;

/**
 * What an example says, whoever it is for and wherever it was read. White space is kept as it is.
 *
 * @param text the text, or its words with spaces between them; not null
 * @param textPair the second text of a pair; null if there is none
 * @param label the class to learn, the classes of words with spaces between them, or any number of
 *     labels, a line each, which may be none; null if nothing is said of it
 * @param target the text to generate, the answer, or numbers with spaces between them; null if
 *     there is none
 */
public record ExampleContent(String text, String textPair, String label, String target) {

    /** A text and its class. */
    public static ExampleContent labelled(String text, String label) {
        return new ExampleContent(text, null, label, null);
    }
}
