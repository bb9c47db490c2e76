package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivationTest {

    @ParameterizedTest
    @CsvSource({
        "gelu,gelu_python",
        "gelu_new,gelu_pytorch_tanh",
        "gelu_new,gelu_fast",
        "silu,swish"
    })
    void oneFunctionHasSeveralNames(String name, String other) {
        assertThat(Activation.of(other)).isEqualTo(Activation.of(name));
    }

    @Test
    void anUnknownFunctionIsRefused() {
        assertThatThrownBy(() -> Activation.of("relu6"))
                .hasMessage(
                        "hidden_act (relu6) must be one of gelu, gelu_python, gelu_new,"
                                + " gelu_pytorch_tanh, gelu_fast, quick_gelu, relu, silu, swish,"
                                + " tanh.");
    }
}
