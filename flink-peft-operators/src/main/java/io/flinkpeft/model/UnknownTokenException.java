package io.flinkpeft.model;

/** A text has a token for which the model has no embedding: the text cannot be used. */
public final class UnknownTokenException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private UnknownTokenException(long token, int rows) {
        super(
                "Text has token "
                        + token
                        + ", must be less than vocab_size ("
                        + rows
                        + ") of the base model. Maybe the tokenizer got tokens and the model's"
                        + " embedding did not.");
    }

    /**
     * The same tokens.
     *
     * @param rows of the model's embedding
     * @throws UnknownTokenException if one of them has none
     */
    public static Tokens refuse(Tokens tokens, int rows) {
        for (long id : tokens.ids()) {
            if (id >= rows) {
                throw new UnknownTokenException(id, rows);
            }
        }
        return tokens;
    }
}
