package io.flinkpeft.testing;

import io.flinkpeft.task.AnswerSpan;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.Decoding;
import io.flinkpeft.task.GeneratedText;
import io.flinkpeft.task.Generation;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Likelihood;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Purpose;
import io.flinkpeft.task.QuestionAnsweringTask;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.TokenClassificationTask;
import io.flinkpeft.task.Vector;
import io.flinkpeft.task.WordLabels;
import io.flinkpeft.train.ModelPredictor;
import io.flinkpeft.train.ServingAdapter;
import java.util.List;
import java.util.function.UnaryOperator;

/** Predictions in the form that a test expects; an adapter that is null is the base alone. */
public final class Predicted {

    private static final String USE = "tested";

    private Predicted() {}

    public static List<Label> labels(
            ModelPredictor predictor, List<Request<ServingAdapter>> requests) {
        return predicted(
                Label.class,
                predictor,
                requests,
                a -> a == null ? predictor.alone(new CheckpointTask()) : a);
    }

    public static List<WordLabels> words(
            ModelPredictor predictor, List<Request<ServingAdapter>> requests) {
        return predicted(
                WordLabels.class,
                predictor,
                requests,
                a -> a == null ? predictor.alone(new TokenClassificationTask()) : a);
    }

    public static List<AnswerSpan> spans(
            ModelPredictor predictor, List<Request<ServingAdapter>> requests) {
        return predicted(
                AnswerSpan.class,
                predictor,
                requests,
                a -> a == null ? predictor.alone(new QuestionAnsweringTask()) : a);
    }

    public static double[] losses(
            ModelPredictor predictor, List<Request<ServingAdapter>> requests) {
        var score = Purpose.of(Likelihood.VERB);
        return predicted(
                        Likelihood.class,
                        predictor,
                        requests,
                        a -> a == null ? predictor.alone(score, USE) : a)
                .stream()
                .mapToDouble(Likelihood::loss)
                .toArray();
    }

    public static List<GeneratedText> texts(
            ModelPredictor predictor, List<Request<ServingAdapter>> requests, Decoding decoding) {
        return asked(
                GeneratedText.class, predictor, requests, new Purpose(Generation.VERB, decoding));
    }

    public static List<Vector> vectors(
            ModelPredictor predictor, List<Request<ServingAdapter>> requests) {
        return asked(Vector.class, predictor, requests, Purpose.of("embed"));
    }

    private static <P extends Prediction> List<P> asked(
            Class<P> form,
            ModelPredictor predictor,
            List<Request<ServingAdapter>> requests,
            Purpose purpose) {
        return predicted(
                form,
                predictor,
                requests,
                a -> a == null ? predictor.alone(purpose, USE) : predictor.asking(purpose, a, USE));
    }

    private static <P extends Prediction> List<P> predicted(
            Class<P> form,
            ModelPredictor predictor,
            List<Request<ServingAdapter>> requests,
            UnaryOperator<ServingAdapter> asked) {
        var own = requests.stream().map(r -> r.to(asked.apply(r.adapter()))).toList();
        return predictor.predict(own).stream().map(form::cast).toList();
    }
}
