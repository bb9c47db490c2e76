package io.flinkpeft.sql;

import io.flinkpeft.task.Embedding;
import io.flinkpeft.task.Vector;

/**
 * {@code peft_embed(adapter, text)}, and {@code peft_embed(text)} with the option {@code adapter}:
 * a vector of length 1, with the adapter's current version. Null for a null text.
 */
public final class EmbedFunction extends TextFunction {

    /** The function's name in SQL. */
    public static final String NAME = "peft_embed";

    EmbedFunction(ModelSettings settings) {
        super(settings, Embedding.VERB);
    }

    /** The vector of a text by the adapter of the option {@code adapter}. */
    public Float[] eval(String text) {
        return eval(adapter(), text);
    }

    /** The vector of a text by an adapter. */
    public Float[] eval(String adapter, String text) {
        var embedding = (Vector) answer(adapter, text).prediction();
        if (embedding == null) {
            return null;
        }
        var values = new Float[embedding.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = embedding.values()[i];
        }
        return values;
    }
}
