package io.flinkpeft.predict;

/** An adapter was asked for that has no version that can serve; the message says why. */
public final class UnknownAdapterException extends RuntimeException {

    UnknownAdapterException(String message) {
        super(message);
    }
}
