package io.flinkpeft.sql;

import io.flinkpeft.predict.Answer;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.PredictFunction;

/** {@code ML_PREDICT} that predicts row by row, in the task's thread. */
public final class RowPredictFunction extends PredictFunction {

    private final ModelSettings settings;
    private final InputColumns input;
    private final List<OutputColumn> output;
    private transient PredictSession session;
    private transient Function<Answer, RowData> rows;

    RowPredictFunction(ModelSettings settings, InputColumns input, List<OutputColumn> output) {
        this.settings = settings;
        this.input = input;
        this.output = output;
    }

    @Override
    public void open(FunctionContext context) throws Exception {
        session = PredictSession.open(settings, context);
        rows = OutputColumn.rows(output);
    }

    @Override
    public Collection<RowData> predict(RowData row) {
        var answer = session.predict(input.request(row, settings.adapter()));
        return List.of(rows.apply(answer));
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
