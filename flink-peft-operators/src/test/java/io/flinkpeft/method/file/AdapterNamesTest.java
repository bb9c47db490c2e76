package io.flinkpeft.method.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.safetensors.TensorView;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterNamesTest {

    @ParameterizedTest
    @CsvSource({
        "m.0.q.lora_A.default.weight, m.0.q.lora_A.weight",
        "m.0.q.lora_B.my-adapter.weight, m.0.q.lora_B.weight",
        "m.0.q.lora_B.default.bias, m.0.q.lora_B.bias",
        "m.0.q.lora_E.default, m.0.q.lora_E",
        "m.0.q.lora_A.default, m.0.q.lora_A",
        "m.embed.lora_embedding_A.a1, m.embed.lora_embedding_A",
        "m.0.q.lora_magnitude_vector.default.weight, m.0.q.lora_magnitude_vector.weight",
        "m.0.k.ia3_l.default, m.0.k.ia3_l",
        "m.0.q.lora_A.weight, m.0.q.lora_A.weight",
        "m.0.k.ia3_l, m.0.k.ia3_l",
        "prompt_embeddings, prompt_embeddings",
        "m.classifier.modules_to_save.weight, m.classifier.modules_to_save.weight"
    })
    void theNameOfAnAdapterIsLeftOut(String name, String plain) {
        assertThat(AdapterNames.leaveOut(tensors(name))).containsOnlyKeys(plain);
    }

    @Test
    void inModulesThatAreSavedWholeToo() {
        assertThat(
                        AdapterNames.leaveOut(
                                tensors(
                                        "m.q.lora_A.x.weight",
                                        "m.classifier.modules_to_save.x.dense.weight",
                                        "m.classifier.original_module.dense.weight")))
                .containsOnlyKeys(
                        "m.q.lora_A.weight",
                        "m.classifier.dense.weight",
                        "m.classifier.original_module.dense.weight");
    }

    @Test
    void twoAdaptersInOneFileAreRefused() {
        assertThatThrownBy(
                        () ->
                                AdapterNames.leaveOut(
                                        tensors("q.lora_A.a.weight", "q.lora_A.b.weight")))
                .hasMessage("The tensors are of adapters [a, b], must be of one.");
    }

    @Test
    void aTensorThatIsThereTwiceIsRefused() {
        assertThatThrownBy(
                        () ->
                                AdapterNames.leaveOut(
                                        tensors("q.lora_A.a.weight", "q.lora_A.weight")))
                .hasMessage(
                        "Tensor q.lora_A.weight must be there once, with the adapter's name or not.");
    }

    private static List<TensorView> tensors(String... names) {
        return Arrays.stream(names).map(n -> TensorView.of(n, new float[] {1}, 1)).toList();
    }
}
