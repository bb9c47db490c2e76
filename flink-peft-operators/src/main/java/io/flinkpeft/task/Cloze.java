package io.flinkpeft.task;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Classification as a cloze: a template makes a text with a mask of the text to classify, and words
 * that fit at the mask stand for the labels.
 *
 * <pre>{@code
 * new Cloze("{text} It was [MASK].", Map.of("good", List.of("great", "fine"), "bad", List.of("bad")))
 * new Cloze("{virtual:3} {text} ? {virtual:2} [MASK] {virtual:1}", words)
 * }</pre>
 *
 * <pre>{@code
 * score(label) = mean of the logits of its words at the mask
 * p(label)     = softmax over the labels' scores
 * }</pre>
 *
 * <p>The template has {@code {text}}, perhaps {@code {text_pair}}, {@code [MASK]} for the mask
 * whatever the model calls it, and words around them. Without {@code [MASK]} the text has to bring
 * the model's own mask token; the first one is meant. {@code {virtual:n}} is a place for n virtual
 * tokens of prompt tuning or P-tuning, between anchors: a template that has such places has all of
 * the method's; in one that has none they stand before the text. White space before such a place
 * belongs to it. What is too long is cut from the end of the text, never from the template.
 *
 * <p>Each word must be one token. A mean of logits, as in PET: it is the mean of log-probabilities
 * up to a constant that a softmax ignores, so a label with many words has no advantage.
 *
 * @param template as above
 * @param verbalizer the words of each label; the order of the labels is that of the logits
 * @see <a href="https://arxiv.org/abs/2001.07676">Schick and Schuetze, Exploiting cloze questions,
 *     2021, section 3.1</a>
 * @see <a href="https://arxiv.org/abs/2103.10385">Liu et al., GPT understands, too, 2021, section
 *     3.2</a>
 */
public record Cloze(String template, Map<String, List<String>> verbalizer) implements Serializable {

    private static final String TEXT = "{text}";
    private static final String PAIR = "{text_pair}";
    private static final String MASK = "[MASK]";
    private static final Pattern PLACES =
            Pattern.compile("\\s*\\{virtual:(\\d{1,4})}|\\{text}|\\{text_pair}|\\[MASK]");

    public Cloze {
        var words = new LinkedHashMap<String, List<String>>();
        verbalizer.forEach((label, own) -> words.put(label, List.copyOf(own)));
        verbalizer = Collections.unmodifiableMap(words);
        once(template, TEXT, 1);
        once(template, PAIR, 0);
        once(template, MASK, 0);
        if (words.size() < 2) {
            throw new IllegalArgumentException(
                    "verbalizer " + words + " must have at least 2 labels.");
        }
        words.forEach(
                (label, own) -> {
                    if (own.isEmpty()) {
                        throw new IllegalArgumentException(
                                "verbalizer has label (" + label + "), it must have a word.");
                    }
                });
    }

    private static void once(String template, String place, int least) {
        int count = template.split(Pattern.quote(place), -1).length - 1;
        if (count < least || count > 1) {
            throw new IllegalArgumentException(
                    "template ("
                            + template
                            + ") must have "
                            + place
                            + (least == 1 ? " once." : " once or not at all."));
        }
    }

    /** The labels in the order of the logits. */
    public List<String> labels() {
        return List.copyOf(verbalizer.keySet());
    }

    /** How many virtual tokens have a place in it. */
    int virtualTokens() {
        return filled("", "", "").virtual().stream().mapToInt(Virtual::tokens).sum();
    }

    /** Whether the mask is in the template. */
    boolean hasMask() {
        return template.contains(MASK);
    }

    /**
     * Virtual tokens.
     *
     * @param at the character, in code points, before which they stand
     * @param tokens how many
     */
    record Virtual(int at, int tokens) {}

    /**
     * A part of a filled template, in code points.
     *
     * @param start its first character
     * @param end the one behind its last
     */
    record Part(int start, int end) {
        static final Part NONE = new Part(-1, -1);
    }

    /**
     * A template with a text.
     *
     * @param text all of it, without virtual tokens
     * @param first where the text is
     * @param second where the second text is; {@link Part#NONE} without one
     * @param mask where the mask is; {@link Part#NONE} without one
     */
    record Filled(String text, Part first, Part second, Part mask, List<Virtual> virtual) {}

    Filled filled(String text, String pair, String mask) {
        StringBuilder all = new StringBuilder();
        Part[] parts = {Part.NONE, Part.NONE, Part.NONE};
        List<Virtual> virtual = new ArrayList<>();
        Matcher place = PLACES.matcher(template);
        int from = 0;
        while (place.find()) {
            append(all, template.substring(from, place.start()), all.length() == 0 && from > 0);
            from = place.end();
            switch (place.group()) {
                case TEXT -> parts[0] = append(all, text, false);
                case PAIR -> parts[1] = append(all, pair == null ? "" : pair, false);
                case MASK -> parts[2] = append(all, mask, false);
                default -> virtual.add(new Virtual(length(all), Integer.parseInt(place.group(1))));
            }
        }
        append(all, template.substring(from), all.length() == 0);
        return new Filled(all.toString(), parts[0], parts[1], parts[2], virtual);
    }

    private static Part append(StringBuilder all, String text, boolean first) {
        int start = length(all);
        all.append(first ? text.stripLeading() : text);
        return new Part(start, length(all));
    }

    private static int length(StringBuilder text) {
        return text.codePointCount(0, text.length());
    }
}
