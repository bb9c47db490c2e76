package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.Tasks;
import io.flinkpeft.testing.TinyModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels that a head cannot have are refused at the start, not with each example. */
class HeadLabelsTest {

    private static final Path GRID = TinyModels.golden().resolve("grid");

    private static TrainerConfig config(Path model, Task head, String labels) {
        return TrainerConfig.of(model.toString(), new LoraConfig(2, 2))
                .withDtype("fp32")
                .withTask(head)
                .withLabels(List.of(labels.split(";")));
    }

    private static void open(TrainerConfig config) {
        OnlineTrainer.open(config).close();
    }

    @ParameterizedTest
    @CsvSource({
        "bert, CHECKPOINT, spam;ham",
        "bert, CHECKPOINT, weather;food;sport",
        "bert, CHECKPOINT, food;weather",
        "gpt2, CAUSAL_LM, spam;ham",
        "bert-qa, QUESTION_ANSWERING, spam;ham",
        "bert-token, TOKEN_CLASSIFICATION, spam;ham"
    })
    void othersThanThoseOfTheHeadAreRefused(String model, String head, String labels) {
        var config = config(GRID.resolve(model).resolve("model"), Tasks.named(head), labels);
        assertThatThrownBy(() -> open(config))
                .hasMessageStartingWith(
                        "head.labels %s must be absent, or those of head.kind (%s) of model "
                                .formatted(config.labels(), head));
    }

    @Test
    void thoseOfTheHeadAreNot() {
        assertThatCode(
                        () ->
                                open(
                                        config(
                                                TinyModels.bert(),
                                                new CheckpointTask(),
                                                "food;weather;sport")))
                .doesNotThrowAnyException();
        assertThatCode(() -> open(config(TinyModels.bert(), new StreamTask(), "a;b")))
                .doesNotThrowAnyException();
    }
}
