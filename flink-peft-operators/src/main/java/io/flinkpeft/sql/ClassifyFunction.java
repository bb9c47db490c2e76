package io.flinkpeft.sql;

import io.flinkpeft.task.StreamTask;

/**
 * {@code peft_classify(adapter, text)}, and {@code peft_classify(text)} with the option {@code
 * adapter}: the most probable label, with the adapter's current version. Null for a null text.
 */
public final class ClassifyFunction extends TextFunction {

    /** The function's name in SQL. */
    public static final String NAME = "peft_classify";

    ClassifyFunction(ModelSettings settings) {
        super(settings, StreamTask.VERB);
    }

    /** The label of a text by the adapter of the option {@code adapter}. */
    public String eval(String text) {
        return eval(adapter(), text);
    }

    /** The label of a text by an adapter. */
    public String eval(String adapter, String text) {
        var prediction = answer(adapter, text).prediction();
        return prediction == null ? null : prediction.predicted();
    }
}
