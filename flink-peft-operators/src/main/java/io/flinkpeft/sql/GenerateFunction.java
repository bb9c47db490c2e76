package io.flinkpeft.sql;

import io.flinkpeft.task.Generation;

/**
 * {@code peft_generate(adapter, text)}, and {@code peft_generate(text)} with the option {@code
 * adapter}: what a language model continues the text with, greedily, with the adapter's current
 * version. Null for a null text.
 */
public final class GenerateFunction extends TextFunction {

    /** The function's name in SQL. */
    public static final String NAME = "peft_generate";

    GenerateFunction(ModelSettings settings) {
        super(settings, Generation.VERB);
    }

    /** What follows of a text by the adapter of the option {@code adapter}. */
    public String eval(String text) {
        return eval(adapter(), text);
    }

    /** What follows of a text by an adapter. */
    public String eval(String adapter, String text) {
        var prediction = answer(adapter, text).prediction();
        return prediction == null ? null : prediction.predicted();
    }
}
