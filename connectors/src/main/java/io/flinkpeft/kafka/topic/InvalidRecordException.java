package io.flinkpeft.kafka.topic;

/** A record of an adapter topic that is not in the topic's format; the message says what is not. */
final class InvalidRecordException extends Exception {

    InvalidRecordException(String message) {
        super(message);
    }
}
