package io.flinkpeft.sql;

import io.flinkpeft.predict.Query;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * {@code peft_classify(adapter, text)}, and {@code peft_classify(text)} with the option {@code
 * adapter}: the most probable label, with the adapter's current version. Null for a null text.
 *
 * <p>Predicts row by row; {@code ML_PREDICT} predicts in batches and says which version served.
 */
public final class ClassifyFunction extends ScalarFunction {

    /** The function's name in SQL. */
    public static final String NAME = "peft_classify";

    private final ModelSettings settings;
    private transient PredictSession session;

    ClassifyFunction(ModelSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open(FunctionContext context) throws Exception {
        session = PredictSession.open(settings, context);
    }

    /** The label of a text by the adapter of the option {@code adapter}. */
    public String eval(String text) {
        return eval(settings.adapter(), text);
    }

    /** The label of a text by an adapter. */
    public String eval(String adapter, String text) {
        var query = text == null ? null : new Query(adapter, text, null);
        var classification = session.predict(query).classification();
        return classification == null ? null : classification.label();
    }

    @Override
    public boolean isDeterministic() {
        return false; // versions change
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
    }
}
