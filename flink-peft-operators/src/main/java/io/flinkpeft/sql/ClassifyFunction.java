package io.flinkpeft.sql;

import io.flinkpeft.predict.PredictTask;

/**
 * {@code peft_classify(adapter, text)}, and {@code peft_classify(text)} with the option {@code
 * adapter}: the most probable label, with the adapter's current version. Null for a null text.
 */
public final class ClassifyFunction extends TextFunction {

    /** The function's name in SQL. */
    public static final String NAME = "peft_classify";

    ClassifyFunction(ModelSettings settings) {
        super(settings, PredictTask.CLASSIFY);
    }

    /** The label of a text by the adapter of the option {@code adapter}. */
    public String eval(String text) {
        return eval(adapter(), text);
    }

    /** The label of a text by an adapter. */
    public String eval(String adapter, String text) {
        var classification = answer(adapter, text).classification();
        return classification == null ? null : classification.label();
    }
}
