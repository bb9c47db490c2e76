package io.flinkpeft.safetensors;

import static io.flinkpeft.safetensors.RawFiles.entry;
import static io.flinkpeft.safetensors.RawFiles.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {

    private static final TensorView MATRIX =
            TensorView.of("m", new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

    @Test
    void whatWasWrittenIsReadBack(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("model.safetensors");
        SafetensorsWriter.write(path, List.of(MATRIX), Map.of("format", "pt"));

        var file = SafetensorsFile.open(path);

        assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
        assertThat(file.tensors()).containsExactly(Map.entry("m", MATRIX));
        assertThat(file.tensor("m").toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(file.tensor("m").dimensions()).containsExactly(2, 3);
    }

    @Test
    void readsFromTheMiddleOfABuffer() {
        byte[] bytes = SafetensorsWriter.toBytes(List.of(MATRIX), Map.of());
        var padded = ByteBuffer.allocate(bytes.length + 5).position(3).put(bytes).flip();
        padded.position(3);

        assertThat(SafetensorsFile.of(padded, Limits.ADAPTER).tensor("m")).isEqualTo(MATRIX);
        assertThat(padded.position()).as("the caller's position").isEqualTo(3);
    }

    @Test
    void tensorsComeInTheOrderOfTheirBytes() {
        var header =
                "{" + entry("a", "U8", "[2]", 1, 3) + "," + entry("b", "U8", "[1]", 0, 1) + "}";

        assertThat(SafetensorsFile.of(file(header, 3)).tensors().keySet())
                .containsExactly("b", "a");
    }

    @Test
    void acceptsWhatTheReferenceAccepts() {
        assertThat(SafetensorsFile.of(file("{}", 0)).tensors()).isEmpty();
        assertThat(SafetensorsFile.of(file(" {\"__metadata__\":null} \n", 0)).metadata()).isEmpty();
        var scalarAndEmpty =
                "{" + entry("e", "F32", "[0,3]", 0, 0) + "," + entry("s", "F64", "[]", 0, 8) + "}";
        assertThat(SafetensorsFile.of(file(scalarAndEmpty, 8)).tensors().keySet())
                .containsExactly("e", "s");
        var unknownField = entry("a", "U8", "[1]", 0, 1).replace("}", ",\"x\":[{}]}");
        assertThat(SafetensorsFile.of(file("{" + unknownField + "}", 1)).tensors()).hasSize(1);
        var subByte = "{" + entry("q", "F4", "[4]", 0, 2) + "}";
        assertThat(SafetensorsFile.of(file(subByte, 2)).tensor("q").dtype()).isEqualTo(DType.F4);
    }

    @Test
    void namesMayBeAnyUnicode() {
        var header = "{" + entry("größe\\u0001🙂", "U8", "[1]", 0, 1) + "}";
        assertThat(SafetensorsFile.of(file(header, 1)).tensors()).containsKey("größe\u0001🙂");
    }

    @Test
    void tensorsCannotBeWrittenTo() {
        ByteBuffer data = MATRIX.data();
        assertThat(data.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThatThrownBy(() -> data.put((byte) 0)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void aReaderDoesNotMoveTheNext() {
        MATRIX.data().getFloat();
        assertThat(MATRIX.data().getFloat()).isEqualTo(1f);
    }

    @Test
    void aMissingTensorIsNamed() {
        byte[] bytes = SafetensorsWriter.toBytes(List.of(MATRIX), Map.of());
        assertThatThrownBy(() -> SafetensorsFile.of(bytes).tensor("n"))
                .hasMessage("Tensor n is not in the file; it has 1 others.");
    }

    /** A sparse file, so that it takes no room on the disk. */
    @Test
    void aFileMayBeLongerThanABuffer(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("large.safetensors");
        String header =
                "{"
                        + entry("a", "U8", "[2000000000]", 0, 2_000_000_000L)
                        + ","
                        + entry("b", "F32", "[100000000]", 2_000_000_000L, 2_400_000_000L)
                        + "}";
        sparse(path, header, 2_400_000_000L);

        var file = SafetensorsFile.open(path);

        assertThat(file.tensor("a").data().remaining()).isEqualTo(2_000_000_000);
        assertThat(file.tensor("b").data().getFloat(4 * 99_999_999)).isEqualTo(1f);

        sparse(
                path,
                "{" + entry("a", "F64", "[300000000]", 0, 2_400_000_000L) + "}",
                2_400_000_000L);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageEndingWith(
                        "Tensor a has 2400000000 bytes, must have at most 2147483647.");
    }

    /** A file of zeros whose last float is one. */
    private static void sparse(Path path, String header, long dataBytes) throws Exception {
        try (var out = new RandomAccessFile(path.toFile(), "rw")) {
            byte[] start = file(header, 0);
            out.write(start);
            out.setLength(start.length + dataBytes);
            out.seek(start.length + dataBytes - 4);
            out.write(new byte[] {0, 0, (byte) 0x80, 0x3f});
        }
    }

    @Test
    void aBrokenFileIsNamed(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("x.safetensors");
        Files.write(path, new byte[7]);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(SafetensorsException.class)
                .hasMessage(path + ": The file has 7 bytes, must have at least 8.");
    }
}
