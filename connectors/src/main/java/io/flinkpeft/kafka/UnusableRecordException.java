package io.flinkpeft.kafka;

/** A record cannot become an example; the message is the reason that its dead letter gives. */
final class UnusableRecordException extends Exception {

    private static final int MAX_SHOWN = 40;

    UnusableRecordException(String message) {
        super(message);
    }

    /** A value as a reason shows it: not too long. */
    static String shown(String value) {
        return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "...";
    }
}
