package io.flinkpeft.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.baseline.DummyClassifierTrainer;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

class TribuoTest {

    private static final List<String> LABELS = List.of("noun", "verb", "adjective", "adverb");

    /** Every label is expected at least once, as Tribuo knows labels by the examples. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void accuracyAndMacroF1AreThoseOfTribuo(long seed) {
        var own = new LabelEvaluation();
        var random = new Random(seed);
        List<String[]> pairs = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            String expected = LABELS.get(i % LABELS.size());
            boolean right = random.nextInt(4) > 0;
            String predicted = right ? expected : LABELS.get(random.nextInt(LABELS.size()));
            own.add(predicted, expected);
            pairs.add(new String[] {predicted, expected});
        }
        Map<String, Double> tribuo = evaluated(pairs);
        assertThat(own.values().keySet()).isEqualTo(tribuo.keySet());
        tribuo.forEach(
                (name, value) ->
                        assertThat(own.values().get(name))
                                .as(name)
                                .isCloseTo(value, within(1e-12)));
    }

    private static Map<String, Double> evaluated(List<String[]> pairs) {
        var provenance = new SimpleDataSourceProvenance("pairs", new LabelFactory());
        var data = new MutableDataset<>(provenance, new LabelFactory());
        List<Prediction<Label>> predictions = new ArrayList<>();
        for (String[] pair : pairs) {
            var example = new ArrayExample<>(new Label(pair[1]), new String[] {"x"}, new double[1]);
            data.add(example);
            predictions.add(new Prediction<>(new Label(pair[0]), 1, example));
        }
        Model<Label> model = DummyClassifierTrainer.createMostFrequentTrainer().train(data);
        var evaluation = new LabelEvaluator().evaluate(model, predictions, provenance);
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(LabelEvaluation.ACCURACY, evaluation.accuracy());
        values.put(LabelEvaluation.MACRO_F1, evaluation.macroAveragedF1());
        return values;
    }
}
