package io.flinkpeft.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The activation functions of {@code hidden_act}, as expressions of a kernel. */
enum Activation {
    GELU("torch.gelu(x)", "gelu", "gelu_python"),
    GELU_TANH("torch.gelu(x, approximate=\"tanh\")", "gelu_new", "gelu_pytorch_tanh", "gelu_fast"),
    GELU_SIGMOID("torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))", "quick_gelu"),
    RELU("torch.relu(x)", "relu"),
    SILU("torch.silu(x)", "silu", "swish"),
    TANH("torch.tanh(x)", "tanh");

    private final String expression;
    private final List<String> configNames;

    Activation(String expression, String... configNames) {
        this.expression = expression;
        this.configNames = List.of(configNames);
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
                .filter(a -> a.configNames.contains(configName))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "hidden_act ("
                                                + configName
                                                + ") must be one of "
                                                + Arrays.stream(values())
                                                        .flatMap(a -> a.configNames.stream())
                                                        .collect(Collectors.joining(", "))
                                                + "."));
    }
}
