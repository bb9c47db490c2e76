package io.flinkpeft.json;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The fields of records that are read; others are ignored, but in controls refused. */
public enum RecordField {
    /** The adapter an event is for. */
    ADAPTER("adapter", "text."),
    /** A text. */
    TEXT("text", "text."),
    /** The words of a text; only where there is no {@link #TEXT}. */
    TOKENS("tokens", "a list of words without white space."),
    /** The second text of a pair. */
    TEXT_PAIR("text_pair", "text."),
    /** A label, or the labels of words. */
    LABEL("label", "text, a whole number, true, false, or a list of such for words."),
    /** The character of the pair at which an answer starts; stands for a {@link #LABEL}. */
    ANSWER_START("answer_start", "a whole number."),
    /** Any number of labels of a text; stands for a {@link #LABEL}. */
    LABELS("labels", "a list of labels: text of one line, whole numbers or booleans."),
    /** A text to generate, an answer, or numbers. */
    TARGET("target", "text, a number or a list of numbers."),
    /** What a control does. */
    CONTROL("control", "text."),
    /** A control's rate. */
    LEARNING_RATE("learning_rate", "a number."),
    /** A control's rate of heads. */
    HEAD_LEARNING_RATE("head_learning_rate", "a number."),
    /** A control's method. */
    METHOD("method", "a JSON object."),
    /** What the producer calls an example. */
    ID("id", "text."),
    /** Whether feedback takes a label back. */
    RETRACTED("retracted", "true or false."),
    /** Whether a record only says what time it is. */
    HEARTBEAT("heartbeat", "true or false."),
    /** Event time. */
    TIMESTAMP("timestamp", "milliseconds since the epoch or ISO-8601 text.");

    /** Every field: those of events. */
    public static final Set<RecordField> OF_EVENTS =
            Collections.unmodifiableSet(EnumSet.allOf(RecordField.class));

    /** What an example says, whoever it is for: the fields of a line of a file. */
    public static final Set<RecordField> OF_CONTENT =
            Collections.unmodifiableSet(
                    EnumSet.of(TEXT, TOKENS, TEXT_PAIR, LABEL, ANSWER_START, LABELS, TARGET));

    /** What a control may have, whatever it does. */
    public static final Set<RecordField> OF_CONTROLS =
            Collections.unmodifiableSet(EnumSet.of(ADAPTER, CONTROL, ID, HEARTBEAT, TIMESTAMP));

    /** What a control may have that sets something. */
    public static final Set<RecordField> OF_SETTINGS =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            ADAPTER,
                            CONTROL,
                            LEARNING_RATE,
                            HEAD_LEARNING_RATE,
                            METHOD,
                            ID,
                            HEARTBEAT,
                            TIMESTAMP));

    private final String key;
    private final String rule;

    RecordField(String key, String rule) {
        this.key = key;
        this.rule = rule;
    }

    /** Its name in JSON. */
    public String key() {
        return key;
    }

    /** What its value must be. */
    String rule() {
        return rule;
    }

    /** Whether it is of use only where another is missing; else it may be anything. */
    boolean standsIn() {
        return this == TOKENS || this == ANSWER_START || this == LABELS;
    }

    /** The field of a name; null if it is not one of these. */
    static RecordField of(String key, Set<RecordField> fields) {
        for (RecordField field : fields) {
            if (field.key.equals(key)) {
                return field;
            }
        }
        return null;
    }
}
