package io.flinkpeft.train;

/**
 * A state that the job's configuration cannot go on with: of another base model, method or
 * numerics. All adapters of the job are alike in that, so no batch is at fault.
 */
public final class ForeignStateException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ForeignStateException(String message) {
        super(message);
    }
}
