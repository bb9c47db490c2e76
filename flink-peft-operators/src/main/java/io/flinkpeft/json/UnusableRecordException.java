package io.flinkpeft.json;

import io.flinkpeft.event.Rejected.Cause;

/** A record cannot become an event; the message is the reason that its dead letter gives. */
public final class UnusableRecordException extends Exception {

    private static final int MAX_SHOWN = 40;

    private final Cause kind;

    /** A reason of a kind. */
    public UnusableRecordException(Cause kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What kind of reason it is. */
    public Cause kind() {
        return kind;
    }

    /** A value as a reason shows it: not too long. */
    public static String shown(String value) {
        return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "...";
    }
}
