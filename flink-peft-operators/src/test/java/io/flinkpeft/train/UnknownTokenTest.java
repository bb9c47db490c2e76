package io.flinkpeft.train;

import static io.flinkpeft.train.Training.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.task.Decoding;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.ChangedModel;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tokenizer that knows a token for which the model has no embedding. */
class UnknownTokenTest {

    private static final String NEW = "soup " + ChangedModel.UNKNOWN + " rain";

    @TempDir Path directory;

    private String model(String architecture) throws IOException {
        return ChangedModel.withUnknownToken(architecture, directory).toString();
    }

    private static String message(int rows) {
        return "Text has token %d, must be less than vocab_size (%d)".formatted(rows, rows);
    }

    @Test
    void aTextIsNotPredicted() throws IOException {
        try (ModelPredictor predictor = ModelPredictor.open(model("bert"), "cpu", "fp32", 64)) {
            var known = new Request<ServingAdapter>(null, "soup rain", null);
            var unknown = new Request<ServingAdapter>(null, NEW, null);
            var unknownPair = new Request<ServingAdapter>(null, "soup", NEW);

            assertThat(Predicted.labels(predictor, List.of(known))).hasSize(1);
            for (var request : List.of(unknown, unknownPair)) {
                assertThatThrownBy(() -> Predicted.labels(predictor, List.of(known, request)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith(message(86));
            }
            assertThat(Predicted.labels(predictor, List.of(known))).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "t5", "bart"})
    void aLanguageModelHasNoLossForItAndDoesNotContinueIt(String architecture) throws IOException {
        try (ModelPredictor predictor =
                ModelPredictor.open(model(architecture), "cpu", "fp32", 64)) {
            for (var request :
                    List.of(
                            new Request<ServingAdapter>(null, NEW, null, "rain"),
                            new Request<ServingAdapter>(null, "rain", null, NEW))) {
                assertThatThrownBy(() -> Predicted.losses(predictor, List.of(request)))
                        .hasMessageStartingWith(message(104));
            }
            var request = new Request<ServingAdapter>(null, NEW, null);
            assertThatThrownBy(
                            () -> Predicted.texts(predictor, List.of(request), Decoding.greedy(2)))
                    .hasMessageStartingWith(message(104));
        }
    }

    @Test
    void anExampleIsRejectedAndItsNeighborsLearnTheSame() throws IOException {
        TrainerConfig config =
                TrainerConfig.of(model("bert"), new LoraConfig(4, 8)).withDtype("fp32");
        List<Example> examples = TinyModels.examples("a").subList(0, 4);
        try (OnlineTrainer trainer = OnlineTrainer.open(config)) {
            BatchOutcome without = step(trainer, trainer.create("a"), examples);
            var more = new ArrayList<>(examples);
            more.add(1, Example.labelled("a", NEW, "a label of its own"));

            BatchOutcome with = step(trainer, trainer.create("a"), more);

            assertThat(with.rejected())
                    .singleElement()
                    .extracting(Rejected::reason)
                    .asString()
                    .startsWith(message(86));
            assertThat(with.after().snapshot().row()).isEqualTo(without.after().snapshot().row());
            assertThat(((DeviceAdapter) with.after()).progress().labels())
                    .isEqualTo(((DeviceAdapter) without.after()).progress().labels());
        }
    }
}
