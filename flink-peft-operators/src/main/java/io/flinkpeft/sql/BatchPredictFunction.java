package io.flinkpeft.sql;

import io.flinkpeft.predict.Answer;
import io.flinkpeft.predict.MicroBatcher;
import io.flinkpeft.task.Request;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.functions.FunctionContext;

/** {@code ML_PREDICT} that predicts rows of different adapters together, on a thread of its own. */
public final class BatchPredictFunction extends AsyncPredictFunction {

    private final ModelSettings settings;
    private final InputColumns input;
    private final List<OutputColumn> output;
    private transient PredictSession session;
    private transient Function<Answer, RowData> rows;
    private transient MicroBatcher<Request<String>, Answer> batcher;

    BatchPredictFunction(ModelSettings settings, InputColumns input, List<OutputColumn> output) {
        this.settings = settings;
        this.input = input;
        this.output = output;
    }

    @Override
    public void open(FunctionContext context) throws Exception {
        session = PredictSession.open(settings, context);
        rows = OutputColumn.rows(output);
        var task = context.getTaskInfo();
        batcher =
                new MicroBatcher<>(
                        "flink-peft-predict (" + task.getTaskNameWithSubtasks() + ")",
                        settings.batchSize(),
                        settings.batchDelay(),
                        session::predict,
                        session::close);
    }

    @Override
    public CompletableFuture<Collection<RowData>> asyncPredict(RowData row) {
        Request<String> request = input.request(row, settings.adapter());
        if (request == null) {
            return CompletableFuture.completedFuture(rows(Answer.NONE));
        }
        long start = System.nanoTime();
        return batcher.submit(request)
                .thenApply(
                        answer -> {
                            session.metrics().answered(System.nanoTime() - start);
                            return rows(answer);
                        });
    }

    private Collection<RowData> rows(Answer answer) {
        return List.of(rows.apply(answer));
    }

    @Override
    public boolean isDeterministic() {
        return false; // versions change
    }

    @Override
    public void close() {
        if (batcher != null) {
            batcher.close(); // its thread closes the session when it no longer predicts
        }
    }
}
