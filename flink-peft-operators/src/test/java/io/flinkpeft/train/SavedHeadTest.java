package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.codec.PeftAdapter;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That a file with its head is read is a case of {@link GoldenGridTest}. */
class SavedHeadTest {

    @TempDir private Path dir;

    @ParameterizedTest
    @CsvSource({
        "bert/lora, base_model.model.classifier.bias",
        "bert/lora, base_model.model.classifier",
        "roberta/ia3, base_model.model.classifier.dense",
        "deberta-v2/prompt-tuning, base_model.classifier",
        "gpt2-cls/lora, base_model.model.score",
        "bert-token/lora, base_model.model.classifier",
        "bert-qa/lora, base_model.model.qa_outputs"
    })
    void aHeadThatWasTrainedAndIsNotThereIsRefused(String adapter, String module)
            throws IOException {
        var golden = new GoldenCase(TinyModels.golden().resolve("grid").resolve(adapter));
        PeftAdapter saved = AdapterDirectory.read(golden.init()).adapter();
        var tensors = new TreeMap<>(saved.tensors());
        assertThat(tensors.keySet().removeIf(name -> name.startsWith(module))).isTrue();
        PeftDirectory.write(dir, PeftAdapter.of(saved.config(), "", tensors.values()));
        try (ModelPredictor predictor =
                ModelPredictor.open(golden.model().toString(), "cpu", "fp32", 64)) {
            assertThatThrownBy(() -> predictor.load("a", dir))
                    .hasMessageStartingWith("The adapter lacks tensors [" + module)
                    .hasMessageContaining(" of the head that modules_to_save ");
        }
    }
}
