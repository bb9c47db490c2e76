package io.flinkpeft.method.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.FullNames;
import io.flinkpeft.method.ModelShape;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.lora.LoraConfig;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SavedModulesTest {

    private static final List<String> UNTIED =
            List.of(
                    "embed_tokens.weight",
                    "layers.0.input_layernorm.weight",
                    "layers.0.mlp.up_proj.weight",
                    "norm.weight",
                    "lm_head.weight");

    // the ends of names as in PEFT's _set_trainable: no dot is needed before them
    @ParameterizedTest
    @CsvSource({
        "norm, 'layers.0.input_layernorm.weight,norm.weight'",
        "model.norm, norm.weight",
        "layers.0, 'layers.0.input_layernorm.weight,layers.0.mlp.up_proj.weight'",
        "mlp, layers.0.mlp.up_proj.weight",
        "lm_head, lm_head.weight",
        "weight, ''",
        "nothing, ''"
    })
    void namesAreEndsOfModules(String name, String expected) {
        SavedModules saved = SavedModules.of(saving(name), model(TaskType.CAUSAL_LM, UNTIED));
        List<String> contained =
                model(TaskType.CAUSAL_LM, UNTIED).tensors().stream()
                        .filter(saved::contains)
                        .map(BaseTensor::name)
                        .toList();
        assertThat(String.join(",", contained)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"CAUSAL_LM,lm_head", "CAUSAL_LM,embed_tokens", "CAUSAL_LM,model"})
    void aTiedEmbeddingIsRefused(TaskType task, String name) {
        List<String> tied = UNTIED.subList(0, UNTIED.size() - 1);
        assertThatThrownBy(() -> SavedModules.of(saving(name), model(task, tied)))
                .hasMessage(
                        "modules_to_save ["
                                + name
                                + "] must not have word embeddings that are used in several places."
                                + " Maybe untie the model's embeddings.");
        // a classifier has one use of it
        assertThat(SavedModules.of(saving(name), model(TaskType.TOKEN_CLS, tied))).isNotNull();
    }

    @Test
    void adaLoraSavesHeadsOnly() {
        AdaLoraConfig config =
                AdaLoraConfig.of(new BudgetSchedule(8, 1, 2, 1, 9)).saving(Set.of("norm"));
        assertThatThrownBy(() -> config.attach(List.of(), model(TaskType.TOKEN_CLS, UNTIED)))
                .hasMessage(
                        "modules_to_save [norm] must be heads only for peft_type (ADALORA). Maybe"
                                + " use LORA.");
    }

    @Test
    void aFingerprintHasThemAndNoHeads() {
        LoraConfig plain = LoraConfig.DEFAULT.withTaskType(TaskType.SEQ_CLS);
        assertThat(plain.fingerprint()).doesNotContain("saved");
        assertThat(saving("norm").withTaskType(TaskType.SEQ_CLS).fingerprint())
                .isEqualTo(plain.fingerprint() + " saved=[norm]");
    }

    private static LoraConfig saving(String name) {
        return LoraConfig.DEFAULT.saving(Set.of(name));
    }

    private static AttachedModel model(TaskType task, List<String> names) {
        List<BaseTensor> tensors =
                names.stream().map(name -> new BaseTensor(name, List.of(4))).toList();
        var full = new FullNames("model.", List.of("lm_head"));
        return new AttachedModel(
                "llama",
                full,
                List.of(),
                task,
                tensors,
                new ModelShape(1, 1, 1, 4, 4),
                List.of(),
                true);
    }
}
