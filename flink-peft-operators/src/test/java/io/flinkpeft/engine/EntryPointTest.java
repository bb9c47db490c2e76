package io.flinkpeft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Arguments and results go by their names, and what only one side names is refused. */
class EntryPointTest {

    private static final String TYPES =
            """
            class Scaled(NamedTuple):
              factor : float
              input_value : Tensor
            class Outputs(NamedTuple):
              product : Tensor
              number : Tensor
            """;

    private static final String TEXT =
            """
            def run(self, times: int, scaled: __torch__.Scaled, more: List[Tensor]) -> List[__torch__.Outputs]:
              outputs = annotate(List[__torch__.Outputs], [])
              for i, x in enumerate(more):
                outputs.append(__torch__.Outputs(
                  product=torch.mul(torch.mul(x, scaled.input_value), scaled.factor * times),
                  number=torch.full_like(x, i)))
              return outputs
            """;

    /** In another order than in the text. */
    record Scaled(NDArray inputValue, double factor) {}

    record Arguments(List<NDArray> more, Scaled scaled, long times) {}

    record Outputs(NDArray number, NDArray product) {}

    record Misnamed(List<NDArray> others, Scaled scaled, long times) {}

    record Mistyped(List<NDArray> more, Scaled scaled, double times) {}

    record Missing(List<NDArray> more, Scaled scaled) {}

    record Unknown(NDArray product, NDArray other) {}

    record WithText(String text) {}

    private static TorchProgram program(
            NDManager manager, Class<? extends Record> arguments, Class<? extends Record> outputs) {
        String entry = new EntryPoint("run", arguments, Optional.of(outputs)).text();
        return TorchProgram.compile(manager, TYPES, TEXT + "\n" + entry);
    }

    @Test
    void argumentsAndResultsGoByTheirNames() {
        try (NDManager manager = TorchRuntime.newManager(TorchDevice.CPU);
                TorchProgram program = program(manager, Arguments.class, Outputs.class)) {
            var scaled = new Scaled(manager.create(new float[] {1, 2}), 0.5);
            NDArray five = manager.create(new float[] {5, 5});
            NDArray six = manager.create(new float[] {6, 6});
            var arguments = new Arguments(List.of(five, six), scaled, 4);
            List<Outputs> outputs = program.train(manager, "run", arguments, Outputs.class);
            assertThat(outputs).hasSize(2);
            assertThat(outputs.get(0).product().toFloatArray()).containsExactly(10, 20);
            assertThat(outputs.get(1).product().toFloatArray()).containsExactly(12, 24);
            assertThat(outputs.get(1).number().toFloatArray()).containsExactly(1, 1);
        }
    }

    @Test
    void whatOnlyOneSideNamesIsRefused() {
        assertRefused(Misnamed.class, Outputs.class, "others");
        assertRefused(Mistyped.class, Outputs.class, "times");
        assertRefused(Missing.class, Outputs.class, "times");
        assertRefused(Arguments.class, Unknown.class, "other");
    }

    private static void assertRefused(
            Class<? extends Record> arguments, Class<? extends Record> outputs, String named) {
        try (NDManager manager = TorchRuntime.newManager(TorchDevice.CPU)) {
            assertThatThrownBy(() -> program(manager, arguments, outputs))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(named);
        }
    }

    @Test
    void whatLibtorchDoesNotTakeIsRefused() {
        var entry = new EntryPoint("run", WithText.class, Optional.empty());
        assertThatThrownBy(entry::text)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Argument java.lang.String text must be a tensor, a number, a boolean, or a"
                                + " list of these.");
    }
}
