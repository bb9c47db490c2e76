package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.testing.TinyModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels that a head cannot have are refused at the start, not with each example. */
class HeadLabelsTest {

    private static final Path GRID = TinyModels.golden().resolve("grid");

    private static TrainerConfig config(Path model, HeadKind head, String labels) {
        return TrainerConfig.of(model.toString(), new LoraConfig(2, 2))
                .withDtype("fp32")
                .withHead(head)
                .withLabels(List.of(labels.split(";")));
    }

    private static void open(TrainerConfig config) {
        OnlineTrainer.open(config).close();
    }

    @ParameterizedTest
    @CsvSource({
        "bert, MODEL, spam;ham",
        "bert, MODEL, weather;food;sport",
        "bert, MODEL, food;weather",
        "gpt2, CAUSAL_LM, spam;ham",
        "bert-qa, SPANS, spam;ham",
        "bert-token, TOKENS, spam;ham"
    })
    void othersThanThoseOfTheHeadAreRefused(String model, HeadKind head, String labels) {
        var config = config(GRID.resolve(model).resolve("model"), head, labels);
        assertThatThrownBy(() -> open(config))
                .hasMessageStartingWith(
                        "head.labels %s must be absent, or those of head.kind (%s) of model "
                                .formatted(config.labels(), head));
    }

    @Test
    void thoseOfTheHeadAreNot() {
        assertThatCode(() -> open(config(TinyModels.bert(), HeadKind.MODEL, "food;weather;sport")))
                .doesNotThrowAnyException();
        assertThatCode(() -> open(config(TinyModels.bert(), HeadKind.STREAM, "a;b")))
                .doesNotThrowAnyException();
    }
}
