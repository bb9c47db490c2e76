package io.flinkpeft.model;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The activation functions of {@code hidden_act}, as expressions of a kernel. */
enum Activation {
    GELU("gelu", "torch.gelu(x)"),
    GELU_TANH("gelu_new", "torch.gelu(x, approximate=\"tanh\")"),
    RELU("relu", "torch.relu(x)"),
    SILU("silu", "torch.silu(x)");

    private final String configName;
    private final String expression;

    Activation(String configName, String expression) {
        this.configName = configName;
        this.expression = expression;
    }

    String expression() {
        return expression;
    }

    /**
     * The function of that name in config.json.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Activation of(String configName) {
        return Arrays.stream(values())
                .filter(a -> a.configName.equals(configName))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "hidden_act ("
                                                + configName
                                                + ") must be one of "
                                                + Arrays.stream(values())
                                                        .map(a -> a.configName)
                                                        .collect(Collectors.joining(", "))
                                                + "."));
    }
}
