package io.flinkpeft.predict;

import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Request;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Predicts requests together, and where that throws adapter by adapter and then text by text, so
 * that only what throws alone has no result.
 */
record CarefulPredictions(Predictor predictor) {

    /** What came of a request. */
    sealed interface Result {

        /** A finite prediction. */
        record Predicted(Prediction prediction) implements Result {}

        /** There is none, for a reason. */
        record Failed(RuntimeException failure) implements Result {}

        static Result of(Prediction prediction) {
            return prediction.isFinite()
                    ? new Predicted(prediction)
                    : failed(new ArithmeticException("The result is not finite, must be."));
        }

        static Result failed(Throwable cause) {
            return new Failed(
                    cause instanceof RuntimeException thrown
                            ? thrown
                            : new IllegalStateException(cause));
        }
    }

    /**
     * One result a request, in order.
     *
     * @throws RuntimeException if that is not the fault of what was asked
     */
    List<Result> predict(List<Request<ServingAdapter>> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        try {
            return predictor.predict(requests).stream().map(Result::of).toList();
        } catch (RuntimeException | StackOverflowError e) {
            predictor.check(e);
            return requests.size() == 1 ? List.of(Result.failed(e)) : inParts(requests);
        }
    }

    private List<Result> inParts(List<Request<ServingAdapter>> requests) {
        var results = new Result[requests.size()];
        for (List<Integer> part : parts(requests)) {
            var own = predict(part.stream().map(requests::get).toList());
            for (int i = 0; i < own.size(); i++) {
                results[part.get(i)] = own.get(i);
            }
        }
        return List.of(results);
    }

    /** The places of each adapter's requests; of one adapter alone, each request. */
    private static List<List<Integer>> parts(List<Request<ServingAdapter>> requests) {
        Map<ServingAdapter, List<Integer>> byAdapter = new IdentityHashMap<>();
        var parts = new ArrayList<List<Integer>>();
        for (int i = 0; i < requests.size(); i++) {
            byAdapter
                    .computeIfAbsent(
                            requests.get(i).adapter(),
                            adapter -> {
                                parts.add(new ArrayList<>());
                                return parts.get(parts.size() - 1);
                            })
                    .add(i);
        }
        return parts.size() > 1 ? parts : parts.get(0).stream().map(List::of).toList();
    }
}
