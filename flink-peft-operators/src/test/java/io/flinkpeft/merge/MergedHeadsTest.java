package io.flinkpeft.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.task.Label;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import io.flinkpeft.train.ModelPredictor;
import io.flinkpeft.train.ServingAdapter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an adapter's head when it is merged. */
class MergedHeadsTest {

    private static final List<String> TEXTS = List.of("a small town in the north", "x");

    @TempDir private Path dir;

    private static Path model(String name) {
        return TinyModels.golden().resolve("grid").resolve(name).resolve("model");
    }

    private static Path adapter(String name, String method) {
        return TinyModels.golden().resolve("grid").resolve(name).resolve(method + "/trained");
    }

    private static List<Label> labels(Path model, Path adapter) {
        try (var predictor = ModelPredictor.open(model.toString(), "cpu", "fp32", 64);
                var serving = adapter == null ? null : predictor.load("a", adapter)) {
            return Predicted.labels(
                    predictor,
                    TEXTS.stream()
                            .map(text -> new Request<ServingAdapter>(serving, text, null))
                            .toList());
        }
    }

    /** PEFT has each bias of such a head three times, and reads the one by its plain name. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta"})
    void aHeadAllOfWhoseBiasesAreSavedIsMerged(String name) throws IOException {
        Path adapter = adapter(name, "lora-bias");
        Path merged = dir.resolve("merged");
        ModelMerge.merge(model(name), adapter, merged, Rounding.ONCE);

        List<Label> own = labels(merged, null);

        List<Label> expected = labels(model(name), adapter);
        for (int i = 0; i < TEXTS.size(); i++) {
            assertThat(own.get(i).logits())
                    .containsExactly(expected.get(i).logits(), within(1e-5f));
        }
    }

    @ParameterizedTest
    @CsvSource({"bert-qa, 1", "gpt2-qa, 0", "bert-token, 0"})
    void thatAMergedModelTellsSegmentsApartIsSaid(String name, int notes) throws IOException {
        Path adapter = adapter(name, "lora");

        List<String> said =
                ModelMerge.merge(model(name), adapter, dir.resolve("merged"), Rounding.ONCE);

        assertThat(said).hasSize(notes);
        assertThat(said)
                .allMatch(
                        note ->
                                note.startsWith(
                                        "Adapter "
                                                + adapter
                                                + ": question and context had one segment with"
                                                + " it"));
    }
}
