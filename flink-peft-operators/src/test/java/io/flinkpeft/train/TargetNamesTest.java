package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.testing.TinyModels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of modules that no method adapts, beside some that it does: PEFT refuses them too. */
class TargetNamesTest {

    @ParameterizedTest
    @CsvSource({
        "LORA, '', LayerNorm, embeddings.LayerNorm",
        "LORA, '', attention, encoder.layer.0.attention",
        "LORA, '', layer.1, encoder.layer.1",
        "LORA, '', position_embeddings, embeddings.position_embeddings",
        "ADALORA, ', \"total_step\": 100', self, encoder.layer.0.attention.self",
        "IA3, ', \"feedforward_modules\": []', LayerNorm, embeddings.LayerNorm",
    })
    void aNameOfWhatIsNotAdaptedIsRefused(String method, String more, String name, String meant) {
        PeftConfig config =
                PeftConfigJson.readControl(
                        """
                        {"peft_type": "%s", "target_modules": ["query", "%s"] %s}"""
                                .formatted(method, name, more));
        var trainer = TrainerConfig.of(TinyModels.bert().toString(), config).withDtype("fp32");
        assertThatThrownBy(() -> OnlineTrainer.open(trainer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "target_modules has "
                                + name
                                + ", which means "
                                + meant
                                + ", must mean linear layers that can be adapted.");
    }
}
