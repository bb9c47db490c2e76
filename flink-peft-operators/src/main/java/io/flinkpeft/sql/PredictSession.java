package io.flinkpeft.sql;

import io.flinkpeft.predict.Answer;
import io.flinkpeft.predict.Fallback;
import io.flinkpeft.predict.Serving;
import io.flinkpeft.task.GeneratedText;
import io.flinkpeft.task.Request;
import java.time.Clock;
import java.util.List;
import org.apache.flink.table.functions.FunctionContext;

/** What a function opens in its task: predicts and counts. One thread at a time. */
final class PredictSession implements AutoCloseable {

    private final ModelSettings settings;
    private final Serving serving;
    private final PredictMetrics metrics;

    private PredictSession(ModelSettings settings, Serving serving, PredictMetrics metrics) {
        this.settings = settings;
        this.serving = serving;
        this.metrics = metrics;
    }

    static PredictSession open(ModelSettings settings, FunctionContext context)
            throws InterruptedException {
        var serving =
                Serving.open(
                        settings.serving(),
                        settings.bootstrapTimeout(),
                        context.getUserCodeClassLoader());
        boolean usable = false;
        try {
            if (settings.fallback() == Fallback.BASE) {
                serving.checkBase();
            }
            usable = true;
        } finally {
            if (!usable) {
                serving.close();
            }
        }
        var metrics = new PredictMetrics(context.getMetricGroup(), serving, Clock.systemUTC());
        return new PredictSession(settings, serving, metrics);
    }

    List<Answer> predict(List<Request<String>> requests) {
        long start = System.nanoTime();
        List<Answer> answers = serving.predict(requests, settings.fallback());
        metrics.batch(requests.size(), System.nanoTime() - start);
        metrics.truncated(answers.stream().filter(Answer::isTruncated).count());
        for (Answer answer : answers) {
            if (answer.prediction() instanceof GeneratedText generated) {
                metrics.generated(generated.ids().length);
            }
        }
        return answers;
    }

    /** Predicts a text alone; nothing for null. */
    Answer predict(Request<String> request) {
        if (request == null) {
            return Answer.NONE;
        }
        long start = System.nanoTime();
        Answer answer = predict(List.of(request)).get(0);
        metrics.answered(System.nanoTime() - start);
        return answer;
    }

    PredictMetrics metrics() {
        return metrics;
    }

    @Override
    public void close() {
        serving.close();
    }
}
