package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.Purpose;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.testing.ChangedModel;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads that are not for one label a text predict, and are not trained. */
class ProblemTypeTest {

    @TempDir Path directory;

    private Path bert(String config) throws IOException {
        String change = "{\"model\": \"bert\", \"config\": " + config + "}";
        return ChangedModel.write(TinyModels.parse(change), directory);
    }

    private static TrainerConfig config(Path model, Task head) {
        return TrainerConfig.of(model.toString(), new LoraConfig(4, 8))
                .withDtype("fp32")
                .withTask(head);
    }

    @ParameterizedTest
    @ValueSource(strings = {"multi_label_classification", "regression"})
    void aHeadOfSeveralLabelsOrNoneIsNotTrained(String type) throws Exception {
        Path model = bert("{\"problem_type\": \"" + type + "\"}");

        assertThatThrownBy(() -> OnlineTrainer.open(config(model, new CheckpointTask())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(
                        " has problem_type ("
                                + type
                                + "), must have single_label_classification with at least 2 labels"
                                + " for its own head to be trained. Maybe use the task of its"
                                + " problem_type, or a head for streams: head.kind STREAM, or"
                                + " task_type FEATURE_EXTRACTION.");
    }

    @Test
    void aHeadForStreamsIsTrainedOnAnyModel() throws Exception {
        Path model = bert("{\"problem_type\": \"regression\"}");

        assertThatCode(() -> OnlineTrainer.open(config(model, new StreamTask())).close())
                .doesNotThrowAnyException();
    }

    @Test
    void whoNeedsOneLabelATextMayAsk() throws Exception {
        Path model = bert("{\"problem_type\": \"multi_label_classification\"}");

        try (ModelPredictor predictor = ModelPredictor.open(model.toString(), "cpu", "fp32", 64)) {
            assertThatThrownBy(() -> predictor.alone(Purpose.of("classify"), "served"))
                    .hasMessageContaining("has problem_type (multi_label_classification), must")
                    .hasMessageContaining("to be served.");
        }
    }

    @Test
    void aTypeThatTransformersDoesNotKnowIsRefused() throws Exception {
        Path model = bert("{\"problem_type\": \"ranking\"}");

        assertThatThrownBy(() -> ModelDirectory.open(model))
                .hasMessage(
                        "Model "
                                + model
                                + ": problem_type (ranking) must be one of"
                                + " single_label_classification, multi_label_classification,"
                                + " regression.");
    }

    @Test
    void oneOutputIsANumber() throws Exception {
        Path model = bert("{\"id2label\": {\"0\": \"stars\"}, \"label2id\": {\"stars\": 0}}");

        assertThatThrownBy(() -> ModelDirectory.open(model).requireSingleLabel("trained"))
                .hasMessageContaining("has 1 label and no problem_type, must have");
    }
}
