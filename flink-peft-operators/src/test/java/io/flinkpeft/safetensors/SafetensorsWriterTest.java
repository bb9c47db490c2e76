package io.flinkpeft.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

    private static TensorView bytes(String name, DType dtype, String hex, Long... shape) {
        var data = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        return new TensorView(name, dtype, List.of(shape), data);
    }

    /** The output of safetensors 0.8.0 in Python for the same three tensors. */
    @Test
    void writesTheBytesOfTheReference() {
        var tensors =
                List.of(
                        bytes("a", DType.F16, "003c004000420044", 2L, 2L),
                        TensorView.of("b", new float[] {1, 2, 3}, 3),
                        bytes("c", DType.BOOL, "010001", 3L));

        byte[] file = SafetensorsWriter.toBytes(tensors, Map.of("format", "pt"));

        assertThat(file).hasSize(231);
        assertThat(HexFormat.of().formatHex(file, 0, 8)).isEqualTo("c800000000000000");
        assertThat(new String(file, 8, 200, StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"__metadata__\":{\"format\":\"pt\"},"
                                + "\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]},"
                                + "\"a\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[12,20]},"
                                + "\"c\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[20,23]}} ");
        assertThat(HexFormat.of().formatHex(file, 208, 231))
                .isEqualTo("0000803f0000004000004040003c004000420044010001");
    }

    @Test
    void theOrderOfItsInputDoesNotMatter() {
        var x = TensorView.of("x", new float[] {1}, 1);
        var y = TensorView.of("y", new float[] {2}, 1);
        var ab = new LinkedHashMap<String, String>();
        ab.put("a", "1");
        ab.put("b", "2");
        var ba = new LinkedHashMap<String, String>();
        ba.put("b", "2");
        ba.put("a", "1");

        assertThat(SafetensorsWriter.toBytes(List.of(x, y), ab))
                .isEqualTo(SafetensorsWriter.toBytes(List.of(y, x), ba));
    }

    @Test
    void escapesLikeTheReference() {
        var tensor = TensorView.of("q\"\\/\n\u001f\u007fé", new float[0], 0);
        String file =
                new String(
                        SafetensorsWriter.toBytes(List.of(tensor), Map.of()),
                        StandardCharsets.UTF_8);
        assertThat(file).contains("{\"q\\\"\\\\/\\n\\u001f\u007fé\":{");
    }

    @Test
    void noMetadataAndNoTensorsIsAFileToo() {
        byte[] file = SafetensorsWriter.toBytes(List.of(), Map.of());
        assertThat(new String(file, 8, 8, StandardCharsets.UTF_8)).isEqualTo("{}      ");
        assertThat(SafetensorsFile.of(file).tensors()).isEmpty();
    }

    @Test
    void refusesWhatItCouldNotReadBack() {
        var one = TensorView.of("a", new float[0], 0);
        assertThatThrownBy(() -> SafetensorsWriter.toBytes(List.of(one, one), Map.of()))
                .hasMessageStartingWith("The names of tensors must be distinct");
        var reserved = one.named("__metadata__");
        assertThatThrownBy(() -> SafetensorsWriter.toBytes(List.of(reserved), Map.of()))
                .hasMessage("Tensor name (__metadata__) is taken by the format.");
        var half = one.named("\ud800");
        assertThatThrownBy(() -> SafetensorsWriter.toBytes(List.of(half), Map.of()))
                .hasMessage("A name or text to write must be Unicode.");
        assertThatThrownBy(() -> SafetensorsWriter.toBytes(List.of(one), Map.of("k", "\udc00")))
                .hasMessage("A name or text to write must be Unicode.");
    }

    @Test
    void aTensorMustFillItsShape() {
        assertThatThrownBy(() -> TensorView.of("a", new float[5], 2, 3))
                .hasMessage("Tensor a has 20 bytes, F32[2, 3] must have 24.");
        assertThatThrownBy(() -> TensorView.of("a", new float[0], -1))
                .hasMessage("Tensor a has an impossible shape [-1]: a dimension is negative");
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("a.safetensors");
        var tensor = TensorView.of("a", new float[] {1}, 1);
        SafetensorsWriter.write(path, List.of(tensor), Map.of());
        byte[] before = Files.readAllBytes(path);

        assertThatThrownBy(
                        () ->
                                DurableFile.write(
                                        path,
                                        channel -> {
                                            channel.write(ByteBuffer.wrap(new byte[3]));
                                            throw new IOException("disk full");
                                        }))
                .hasMessage("disk full");

        assertThat(Files.readAllBytes(path)).isEqualTo(before);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void aFileIsReplaced(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("a.safetensors");
        for (float value : new float[] {1, 2}) {
            SafetensorsWriter.write(
                    path, List.of(TensorView.of("a", new float[] {value}, 1)), Map.of());
        }
        assertThat(SafetensorsFile.open(path).tensor("a").toFloats()).containsExactly(2f);
    }
}
