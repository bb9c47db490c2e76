package io.flinkpeft.safetensors;

/** A file that is not valid safetensors, or larger than the {@link Limits}. */
public final class SafetensorsException extends IllegalArgumentException {

    SafetensorsException(String message) {
        super(message);
    }

    SafetensorsException(String message, Throwable cause) {
        super(message, cause);
    }
}
