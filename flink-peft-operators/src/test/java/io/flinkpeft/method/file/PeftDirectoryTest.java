package io.flinkpeft.method.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.Golden;
import io.flinkpeft.method.codec.PeftAdapter;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.lora.LoraTarget;
import io.flinkpeft.method.targets.ModuleNames;
import io.flinkpeft.method.targets.TargetMatcher;
import io.flinkpeft.safetensors.DType;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PeftDirectoryTest {

    static final List<String> ADAPTERS = Golden.ADAPTERS;

    private static final String A =
            "base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight";

    @TempDir Path directory;

    private static PeftAdapter golden(String name) throws Exception {
        return PeftDirectory.read(Golden.FOLDER.resolve(name)).adapter();
    }

    private static Map<String, List<Long>> shapes(PeftAdapter adapter) {
        var shapes = new TreeMap<String, List<Long>>();
        adapter.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    @ParameterizedTest
    @FieldSource("ADAPTERS")
    void whatPeftSavedIsSavedAgainByteForByte(String name) throws Exception {
        var contents = PeftDirectory.read(Golden.FOLDER.resolve(name));
        assertThat(contents.warnings()).isEmpty();

        Path copy = directory.resolve("new/adapter");
        PeftDirectory.write(copy, contents.adapter());

        for (String file : List.of(PeftDirectory.CONFIG, PeftDirectory.TENSORS)) {
            assertThat(copy.resolve(file))
                    .hasSameBinaryContentAs(Golden.FOLDER.resolve(name).resolve(file));
        }
        assertThat(PeftDirectory.read(copy)).isEqualTo(contents);
    }

    @Test
    void tensorsHaveTheNamesThatTheirTargetsSay() throws Exception {
        var adapter = golden("lora-all-rslora/trained");
        var lora = (LoraConfig) adapter.config();
        List<String> linear = ((ModuleNames.Listed) lora.targets().names()).names();
        var expected = new TreeMap<String, List<Long>>();
        for (LoraTarget target :
                LoraTarget.of(lora, new TargetMatcher("bert", linear, List.of()))) {
            String name = PeftAdapter.PREFIX + target.module();
            boolean wide = target.module().matches(".*\\d\\.output\\.dense");
            boolean tall = target.module().endsWith("intermediate.dense");
            expected.put(name + ".lora_A.weight", List.of((long) target.rank(), wide ? 64L : 32L));
            expected.put(name + ".lora_B.weight", List.of(tall ? 64L : 32L, (long) target.rank()));
        }
        expected.put("base_model.model.classifier.weight", List.of(3L, 32L));
        expected.put("base_model.model.classifier.bias", List.of(3L));

        assertThat(adapter.checked(expected)).isSameAs(adapter);
    }

    @Test
    void tensorsThatDoNotFitAreNamed() throws Exception {
        var adapter = golden("lora-qv/trained");

        assertRefused(
                adapter,
                expected -> expected.put("more", List.of(1L)),
                "The adapter lacks tensors [more]. Maybe it is for another base model.");
        assertRefused(
                adapter,
                expected -> expected.remove(A),
                "The adapter has tensors ["
                        + A
                        + "] that the model has no place for. Maybe it is for another base model.");
        assertRefused(
                adapter,
                expected -> expected.put(A, List.of(4L, 768L)),
                "The adapter has shape [4, 32] for "
                        + A
                        + ", the model needs [4, 768]. Maybe it is for another base model.");
    }

    private static void assertRefused(
            PeftAdapter adapter, Consumer<Map<String, List<Long>>> change, String message) {
        var expected = shapes(adapter);
        change.accept(expected);
        assertThatThrownBy(() -> adapter.checked(expected))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void valuesMustBeFiniteFloats() {
        var nan = TensorView.of("a", new float[] {1, Float.NaN}, 2);
        var adapter = PeftAdapter.of(LoraConfig.DEFAULT, "", List.of(nan));
        assertThatThrownBy(() -> adapter.checked(shapes(adapter)))
                .hasMessage("The adapter has a value (NaN) in a, must have finite values only.");

        var bytes = new TensorView("q", DType.I8, List.of(1L), ByteBuffer.allocate(1));
        assertThatThrownBy(() -> PeftAdapter.of(LoraConfig.DEFAULT, "", List.of(bytes)))
                .hasMessage("Tensor q has type I8, must have one of [F16, BF16, F32, F64].");
    }

    @Test
    void whatIsMissingOrBrokenIsNamed() throws Exception {
        assertThatThrownBy(() -> PeftDirectory.read(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("File (" + directory.resolve("adapter_config.json") + ") must exist.");

        Path config = directory.resolve(PeftDirectory.CONFIG);
        Files.writeString(config, PeftConfigJson.write(LoraConfig.DEFAULT, ""));
        assertThatThrownBy(() -> PeftDirectory.read(directory))
                .hasMessage(
                        "File ("
                                + directory.resolve("adapter_model.safetensors")
                                + ") must exist.");

        Files.write(directory.resolve("adapter_model.bin"), new byte[8]);
        assertThatThrownBy(() -> PeftDirectory.read(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has its tensors as a pickle (adapter_model.bin), must have");

        Files.write(directory.resolve(PeftDirectory.TENSORS), new byte[8]);
        assertThatThrownBy(() -> PeftDirectory.read(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Adapter " + directory + ": The header is null");

        Files.writeString(config, "{\"peft_type\": \"LORA\", \"use_qalora\": true}");
        assertThatThrownBy(() -> PeftDirectory.read(directory))
                .hasMessage(
                        "Adapter "
                                + directory
                                + ": adapter_config.json: use_qalora (true) must be off: it is not"
                                + " supported.");
    }

    @Test
    void ofADirectoryOfAdaptersOneMustBeNamed() throws Exception {
        PeftDirectory.write(directory.resolve("second"), golden("lora-qv/init"));
        PeftDirectory.write(directory.resolve("first"), golden("lora-qv/init"));
        assertThatThrownBy(() -> PeftDirectory.read(directory))
                .hasMessage(
                        "Adapter "
                                + directory
                                + " must hold adapter_config.json. Maybe use one of its directories"
                                + " [first, second].");
    }

    @Test
    void anAdapterMayBeReplacedWhileTheOldOneIsInUse() throws Exception {
        var old = golden("lora-qv/init");
        PeftDirectory.write(directory, old);
        var read = PeftDirectory.read(directory).adapter();
        PeftDirectory.write(directory, golden("lora-qv/trained"));

        assertThat(read).isEqualTo(old);
        assertThat(PeftDirectory.read(directory).adapter()).isEqualTo(golden("lora-qv/trained"));
    }

    @Test
    void adaptersOfLessPrecisionAreReadToo() throws Exception {
        var tensors = new ArrayList<TensorView>();
        tensors.add(new TensorView("h", DType.F16, List.of(1L), ByteBuffer.wrap(new byte[2])));
        SafetensorsWriter.write(
                directory.resolve(PeftDirectory.TENSORS), tensors, Map.of("format", "pt"));
        Files.writeString(
                directory.resolve(PeftDirectory.CONFIG),
                PeftConfigJson.write(LoraConfig.DEFAULT, ""));
        assertThat(PeftDirectory.read(directory).adapter().tensors().get("h").toFloats())
                .containsExactly(0f);
    }
}
