package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.engine.TorchRuntime;
import io.flinkpeft.method.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The invertible adapter of MAD-X: what it does behind the embeddings can be taken back. */
class CouplingTest {

    private static final String BOTH =
            """
            def both(self, x: Tensor, t: List[Tensor], function: int) -> List[Tensor]:
              y = self.coupled(x, t, 0, function, True)
              return [y, self.coupled(y, t, 0, function, False)]
            """;

    @ParameterizedTest
    @CsvSource({"16, 0", "16, 1", "16, 2", "7, 3", "7, 4"})
    void theInverseGivesBackWhatWentIn(int width, long function) {
        try (NDManager manager = TorchRuntime.newManager(TorchDevice.CPU);
                TorchProgram program = KernelFunctions.program(manager, BOTH, "bend", "coupling")) {
            NDArray x = random(manager, 5, width);
            List<NDArray> both =
                    program.infer(manager, "both", x, tensors(manager, width), function);
            double[] there = both.get(0).toDoubleArray();
            assertThat(there).isNotEqualTo(x.toDoubleArray());
            assertThat(both.get(1).toDoubleArray())
                    .containsExactly(x.toDoubleArray(), within(1e-13));
        }
    }

    /** F and G, inside half as wide. */
    private static NDArray[] tensors(NDManager manager, int width) {
        int first = width / 2;
        int second = width - first;
        List<NDArray> tensors = new ArrayList<>();
        for (int[] sizes : new int[][] {{second, first}, {first, second}}) {
            int inner = sizes[0] / 2;
            tensors.add(random(manager, inner, sizes[0]));
            tensors.add(random(manager, 1, inner).reshape(inner));
            tensors.add(random(manager, sizes[1], inner));
            tensors.add(random(manager, 1, sizes[1]).reshape(sizes[1]));
        }
        return tensors.toArray(NDArray[]::new);
    }

    private static NDArray random(NDManager manager, int rows, int columns) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = Seeds.gaussian(rows * 31L + columns, i);
        }
        return manager.create(values, new Shape(rows, columns)).toType(DataType.FLOAT64, true);
    }
}
