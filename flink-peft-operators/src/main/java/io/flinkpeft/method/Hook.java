package io.flinkpeft.method;

/**
 * A place where a method's program text meets an architecture's: the architecture calls it, the
 * method defines it. A method that does not care for one has its plain text.
 */
public enum Hook {
    /** {@code linear(layer, x, adapters)}: a linear layer. */
    LINEAR("frozen_linear"),
    /** {@code embed(table, batch, adapters)}: the word embeddings. */
    EMBEDDING("frozen_embedding"),
    /**
     * {@code after_embedding(x, base, adapters)} and {@code before_output(x, rows, base,
     * adapters)}: hidden states behind the embeddings, and before the output embedding.
     */
    EMBEDDED("plain_embedded"),
    /**
     * {@code prompt(start, width, adapter, adapters)}: columns of an adapter's virtual tokens,
     * which the texts of prompts and prefixes call.
     */
    PROMPT("stored_prompt"),
    /** {@code keys}, {@code values} and {@code attention_mask}: what a layer attends to. */
    KEYS_VALUES("own_keys"),
    /** {@code sublayer(place, h, residual, norm, base, adapters)}: a sublayer's output. */
    SUBLAYER("residual"),
    /** {@code regularized(loss, adapter, adapters)}: the loss that is minimized. */
    LOSS("plain_loss"),
    /**
     * {@code after_optimizer(after, before, gradient, ...)}: the row after the optimizer's step.
     */
    UPDATE("plain_update");

    private final String plain;

    Hook(String plain) {
        this.plain = plain;
    }

    /** The name of the text of methods that leave it as it is. */
    public String plain() {
        return plain;
    }
}
