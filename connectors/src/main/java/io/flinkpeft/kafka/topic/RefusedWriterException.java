package io.flinkpeft.kafka.topic;

/** A job may not write an adapter topic, as its claim is another job's. */
public final class RefusedWriterException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    RefusedWriterException(String message) {
        super(message);
    }
}
