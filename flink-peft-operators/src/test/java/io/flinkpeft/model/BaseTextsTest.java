package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.BaseText;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.engine.TorchRuntime;
import io.flinkpeft.method.TargetLayer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A program reads by name what its base loads, wherever it is among the tensors. */
class BaseTextsTest {

    /** What {@code types.py} has of it. */
    private static final String TYPES =
            """
            class Linear(NamedTuple):
              weight : Tensor
              bias : Tensor
              site : int
            class Norm(NamedTuple):
              weight : Tensor
              bias : Optional[Tensor]
            """;

    private static final String READ =
            """
            def read(self, tensors: List[Tensor]) -> List[Tensor]:
              base = self.named(tensors)
              second = base.layers[1]
              sites = [second.up.site, second.turned.site, base.pooler.site, base.output.site]
              sites.extend([second.lacking.site, base.masked.site, len(base.layers)])
              numbers = [base.epsilon, float(base.heads), float(base.scaled), base.frequencies[1]]
              exact = annotate(List[Tensor], [])
              for number in numbers:
                exact.append(torch.full([1], number, dtype=7))
              return [
                base.words, second.up.weight, second.up.bias, second.norm.weight, second.inner.norm.weight,
                second.turned.weight, base.pooler.bias, base.output.weight, base.masked.bias,
                torch.tensor(sites, dtype=6), torch.cat(exact)]
            """;

    private static Modules modules() {
        Modules modules = new Modules().embedding("words", "words", 5, 2).output(2, 5, false);
        modules.layers(
                "layers",
                "Layer",
                2,
                i -> {
                    modules.linear("up", i + ".up", 2, 3, true).noLinear("lacking");
                    modules.layerNorm("norm", i + ".norm", 2);
                    modules.group("inner", "Inner", () -> modules.rmsNorm("norm", i + ".rms", 2));
                    modules.linear("turned", TargetLayer.fanInFanOut(i + ".turned", 3, 2), false);
                });
        return modules.pooler("pooler", "pooler.dense", 2).frozenLinear("masked", "masked", 2, 2);
    }

    @Test
    void whatIsReadByNameIsWhatIsLoadedByIt() {
        Modules modules = modules();
        BaseConstants constants =
                new BaseConstants()
                        .with("heads", 4)
                        .with("scaled", true)
                        .with("epsilon", 1e-12)
                        .with("frequencies", new float[] {1, 0.1f});
        BaseText text = BaseTexts.of(modules, constants);
        try (NDManager manager = TorchRuntime.newManager(TorchDevice.CPU);
                TorchProgram program =
                        TorchProgram.compile(
                                manager, TYPES + text.types(), text.methods() + READ)) {
            List<String> names = modules.tensors();
            NDArray[] tensors = new NDArray[names.size()];
            for (int i = 0; i < tensors.length; i++) {
                tensors[i] = manager.create(new float[] {i});
            }
            List<NDArray> read = program.infer(manager, "read", (Object) tensors);
            List<String> loaded =
                    read.subList(0, 9).stream()
                            .map(tensor -> names.get((int) tensor.getFloat()))
                            .toList();
            assertThat(loaded)
                    .containsExactly(
                            "words.weight",
                            "1.up.weight",
                            "1.up.bias",
                            "1.norm.weight",
                            "1.rms.weight",
                            "1.turned.weight",
                            "pooler.dense.bias",
                            "lm_head.weight",
                            "masked.bias");
            assertThat(read.get(9).toFloatArray()).containsExactly(2, 3, 4, 5, -1, -1, 2);
            assertThat(read.get(10).toDoubleArray()).containsExactly(1e-12, 4, 1, 0.1f);
            assertThat(modules.sites().get(3).module()).isEqualTo("1.turned");
        }
    }

    @Test
    void layersOfOtherModulesThanTheFirstsAreRefused() {
        Modules modules = new Modules();
        assertThatThrownBy(
                        () ->
                                modules.layers(
                                        "layers",
                                        "Layer",
                                        2,
                                        i -> modules.rmsNorm("norm" + i, i + ".norm", 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Layer 1 of layers must have the modules of the first.");
    }

    @Test
    void tuplesOfOneNameHaveTheSameFields() {
        Modules modules = new Modules();
        modules.group("one", "Part", () -> modules.rmsNorm("norm", "a", 2));
        modules.group("other", "Part", () -> modules.rmsNorm("last_norm", "b", 2));
        assertThatThrownBy(() -> BaseTexts.of(modules, new BaseConstants()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Tuples Part must have the same fields.");
    }
}
