package io.flinkpeft.train;

import static io.flinkpeft.train.KernelFunctions.filler;
import static io.flinkpeft.train.KernelFunctions.matrix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.engine.TorchRuntime;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.targets.TargetModules;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Six steps of a net of two layers, against the trace of PEFT 0.21.0. */
class AdaLoraTraceTest {

    private static final String STEP =
            """
            def sgd(self, row: Tensor, exp_avg: Tensor, exp_avg_sq: Tensor, weights: List[Tensor], x: Tensor, target: Tensor, sizes: List[int], columns: List[int], param_index: List[int], scales: List[float], method_constants: List[float], plan: List[int]) -> List[Tensor]:
              torch.set_grad_enabled(True)
              leaf = torch.requires_grad_(torch.detach(row), True)
              pieces = torch.split_with_sizes(leaf, sizes)
              params = annotate(List[Tensor], [])
              for i in range(len(columns)):
                if columns[i] == 0:
                  params.append(pieces[i])
                else:
                  params.append(torch.view(pieces[i], [-1, columns[i]]))
              adapters = __torch__.Adapters(params, len(columns), [2], [2], 0, param_index, scales, method_constants, 0., annotate(List[int], []))
              h = torch.tanh(self.linear(__torch__.Linear(weights[0], weights[1], 0), x, adapters))
              error = torch.sub(self.linear(__torch__.Linear(weights[2], weights[3], 1), h, adapters), target)
              task = torch.mean(torch.mul(error, error))
              loss = self.regularized(task, 0, adapters)
              gradients = torch.grad([loss], [leaf])
              torch.set_grad_enabled(False)
              gradient = unchecked_cast(Tensor, gradients[0])
              after = torch.sub(row, gradient, alpha=0.1)
              result = self.after_optimizer([after, exp_avg, exp_avg_sq], [row, exp_avg, exp_avg_sq], gradient, sizes, columns, method_constants, plan)
              result.extend([torch.detach(task), torch.detach(loss)])
              return result
            """;

    private static final double[][] TRACE = {
        {0.1756314, 0.6152669, 0.111874, 0.797163, 0.10374, 0.776243},
        {0.1532687, 0.5908152, 0.121545, 0.794577, 0.107625, 0.756483},
        {0.1383533, 0.5732712, 0.0, 0.79214, 0.0, 0.739351},
        {0.1450565, 0.5768973, 0.0, 0.794192, 0.0, 0.722611},
        {0.134963, 0.5633074, 0.0, 0.795264, 0.0, 0.707258},
        {0.1272234, 0.5519823, 0.0, 0.795709, 0.0, 0.692928}
    };

    private static final AdaLoraConfig CONFIG =
            AdaLoraConfig.of(new BudgetSchedule(6, 1, 2, 1, 0))
                    .withRanks(2, 1, 4)
                    .withTargets(TargetModules.named("l1", "l2"));

    private static final AttachedMethod ATTACHMENT =
            CONFIG.attach(
                    List.of(new TargetLayer("l1", 4, 3), new TargetLayer("l2", 3, 2)),
                    new AttachedModel("net", "", List.of(), TaskType.UNSPECIFIED));

    private static float[] start() {
        float[] row = new float[ATTACHMENT.tensors().size()];
        for (TensorLayout.Slot slot : ATTACHMENT.tensors().slots()) {
            int layer = slot.name().startsWith("l1") ? 0 : 1;
            String kind = slot.name().substring(slot.name().lastIndexOf('.') + 1);
            int plus =
                    switch (kind) {
                        case "lora_A" -> layer + 1;
                        case "lora_B" -> layer + 2;
                        default -> 6;
                    };
            if (!slot.name().equals("importances")) {
                float[] values = filler(slot.size(), 0.1f, plus);
                System.arraycopy(values, 0, row, slot.offset(), values.length);
            }
        }
        return row;
    }

    @Test
    void lossesSingularValuesAndMasksArePefts() {
        try (NDManager manager = TorchRuntime.newManager(TorchDevice.CPU);
                TorchProgram program =
                        KernelFunctions.program(manager, STEP, "batch", "own_keys", "adalora")) {
            float[] start = start();
            NDArray row = manager.create(start);
            NDArray first = manager.create(new float[start.length]);
            NDArray second = manager.create(new float[start.length]);
            int e = ATTACHMENT.tensors().slots().get(2).offset();
            for (int step = 0; step < TRACE.length; step++) {
                List<NDArray> result =
                        program.train(
                                manager,
                                "sgd",
                                row,
                                first,
                                second,
                                new NDArray[] {
                                    matrix(manager, filler(12, 0.1f, 0), 4),
                                    manager.create(new float[3]),
                                    matrix(manager, filler(6, 0.1f, 1), 3),
                                    manager.create(new float[2])
                                },
                                matrix(manager, filler(8, 0.2f, 0), 4),
                                matrix(manager, filler(4, 0.1f, 0), 2),
                                ATTACHMENT.tensors().sizes(),
                                ATTACHMENT.tensors().columns(),
                                ATTACHMENT.slots(),
                                ATTACHMENT.scales(),
                                ATTACHMENT.numbers(),
                                ATTACHMENT.plan(step + 1));
                row = result.get(0);
                first = result.get(1);
                second = result.get(2);
                float[] now = row.toFloatArray();
                double[] seen = {
                    result.get(3).getFloat(),
                    result.get(4).getFloat(),
                    now[e],
                    now[e + 1],
                    now[e + 2],
                    now[e + 3]
                };
                assertThat(seen).as("step %d", step).containsExactly(TRACE[step], within(2e-6));
            }
        }
    }
}
