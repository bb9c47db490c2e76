package io.flinkpeft.method.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.ptuning.PTuningConfig;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlMethodsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"peft_type\":\"LORA\",\"lora_aplha\":64}",
                "{\"peft_type\":\"LORA\",\"lora_aplha\":null}",
                "{\"peft_type\":\"IA3\",\"lora_aplha\":[\"query\"]}",
                "{\"peft_type\":\"PROMPT_TUNING\",\"num_virtual_tokens\":2,\"lora_aplha\":2}",
                "{\"peft_type\":\"BITFIT\",\"lora_aplha\":8}",
                "{\"peft_type\":\"FULL\",\"lora_aplha\":{}}"
            })
    void anUnknownKeyIsRefusedByItsName(String json) {
        assertThatThrownBy(() -> PeftConfigJson.readControl(json))
                .hasMessageStartingWith("adapter_config.json: lora_aplha (")
                .hasMessageContaining(") must be a setting of ");
        assertThat(PeftConfigJson.readUntrusted(json)).isNotNull();
    }

    static Stream<PeftConfig> methods() {
        return Stream.of(
                LoraConfig.DEFAULT,
                AdaLoraConfig.of(new BudgetSchedule(10)),
                Ia3Config.DEFAULT,
                new PromptTuningConfig(4),
                new PTuningConfig(4),
                new PrefixTuningConfig(4));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void whatPeftWritesItselfIsKnown(PeftConfig method) {
        String json = PeftConfigJson.write(method, "base");
        assertThat(PeftConfigJson.readControl(json).fingerprint()).isEqualTo(method.fingerprint());
        assertThat(PeftConfigJson.readVersion(json).warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"peft_type\":\"LORA\",\"lora_alpha\":1e300}",
                "{\"peft_type\":\"LORA\",\"lora_alpha\":1000001}",
                "{\"peft_type\":\"LORA\",\"alpha_pattern\":{\"query\":1e39}}",
                "{\"peft_type\":\"ADALORA\",\"total_step\":20,\"lora_alpha\":-1e39}",
                "{\"peft_type\":\"ADALORA\",\"total_step\":20,\"orth_reg_weight\":1e38}",
                "{\"peft_type\":\"P_TUNING\",\"num_virtual_tokens\":2147483647}",
                "{\"peft_type\":\"P_TUNING\",\"num_virtual_tokens\":2,"
                        + "\"encoder_reparameterization_type\":\"LSTM\","
                        + "\"encoder_num_layers\":2147483647}",
                "{\"peft_type\":\"PREFIX_TUNING\",\"num_virtual_tokens\":1048577}",
                "{\"peft_type\":\"BOTTLENECK\",\"output_adapter\":true,"
                        + "\"original_ln_before\":true,\"scaling\":1e39}"
            })
    void aNumberThatFloatsCannotHoldIsRefused(String json) {
        assertThatThrownBy(() -> PeftConfigJson.readUntrusted(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be")
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(200));
    }

    @Test
    void nestingIsBounded() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        assertThatThrownBy(
                        () ->
                                PeftConfigJson.readUntrusted(
                                        "{\"peft_type\":\"LORA\",\"x\":" + deep + "}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nesting depth (51) exceeds the maximum allowed (50");
    }
}
