package io.flinkpeft.sql;

import io.flinkpeft.predict.Answer;
import io.flinkpeft.task.Request;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * A scalar function of a text, with an adapter's current version; null for a null text.
 *
 * <p>It predicts row by row; {@code ML_PREDICT} predicts in batches and says which version served.
 */
abstract class TextFunction extends ScalarFunction {

    private final ModelSettings settings;
    private transient PredictSession session;

    TextFunction(ModelSettings settings, String task) {
        this.settings = settings.with(task);
    }

    @Override
    public void open(FunctionContext context) throws Exception {
        session = PredictSession.open(settings, context);
    }

    /** The adapter of the option {@code adapter}. */
    final String adapter() {
        return settings.adapter();
    }

    final Answer answer(String adapter, String text) {
        return session.predict(text == null ? null : new Request<>(adapter, text, null));
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
