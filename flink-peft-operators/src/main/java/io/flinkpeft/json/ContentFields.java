package io.flinkpeft.json;

import static io.flinkpeft.json.UnusableRecordException.shown;

import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.event.Rejected.Cause;
import java.util.Objects;

/** Reads the fields of a record that say what an example says. */
public final class ContentFields {

    private ContentFields() {}

    /**
     * The content of a record that has a text.
     *
     * @throws UnusableRecordException if it has none, or a field breaks a rule
     */
    public static ExampleContent content(RecordFields fields, ContentLimits limits)
            throws UnusableRecordException {
        int length = limits.textLength();
        String text = fields.text(RecordField.TEXT, length);
        String words = text == null ? fields.text(RecordField.TOKENS, length) : null;
        if (text == null && words == null) {
            throw new UnusableRecordException(Cause.FIELD, "Field text (missing) must be there.");
        }
        return new ExampleContent(
                Objects.requireNonNullElse(text, words),
                fields.text(RecordField.TEXT_PAIR, length),
                label(fields, limits),
                fields.text(RecordField.TARGET, length));
    }

    /**
     * The label of a record, the labels of its words, or any number of labels, a line each; null if
     * it has none.
     *
     * @throws UnusableRecordException if it is empty and no list, too long, or a word of it is
     */
    public static String label(RecordFields fields, ContentLimits limits)
            throws UnusableRecordException {
        if (!fields.has(RecordField.LABEL)) {
            String labels = fields.text(RecordField.LABELS, limits.textLength());
            if (labels != null) {
                return withShortWords(RecordField.LABELS, labels, limits.labelLength());
            }
        }
        boolean counted = !fields.has(RecordField.LABEL);
        var field = counted ? RecordField.ANSWER_START : RecordField.LABEL;
        String label = fields.name(field, limits.textLength());
        return label == null ? null : withShortWords(field, label, limits.labelLength());
    }

    private static String withShortWords(RecordField field, String label, int maxLength)
            throws UnusableRecordException {
        int from = 0; // where the word begins
        for (int i = 0; i < label.length(); i++) {
            from = Character.isWhitespace(label.charAt(i)) ? i + 1 : from;
            if (i - from >= maxLength) {
                throw new UnusableRecordException(
                        Cause.FIELD,
                        "Field "
                                + field.key()
                                + " ("
                                + shown(label)
                                + ") must have words of at most "
                                + maxLength
                                + " characters.");
            }
        }
        return label;
    }
}
