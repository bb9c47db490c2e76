package io.flinkpeft.safetensors;

import static io.flinkpeft.safetensors.RawFiles.entry;
import static io.flinkpeft.safetensors.RawFiles.file;
import static io.flinkpeft.safetensors.RawFiles.withLength;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One file for every check of the reader. */
class HostileFilesTest {

    private static final long HUGE = 1L << 62;

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void isRefused(String what, byte[] file, String message) {
        assertThatThrownBy(() -> SafetensorsFile.of(file))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> isRefused() {
        byte[] empty = {'{', '}'};
        return Stream.of(
                arguments("no bytes", new byte[0], "has 0 bytes, must have at least 8"),
                arguments("half a length", new byte[7], "has 7 bytes, must have at least 8"),
                arguments(
                        "a length over the limit",
                        withLength(100_000_001, empty, 0),
                        "100000001 bytes, must have at most 100000000"),
                arguments(
                        "a length with the top bit",
                        withLength(-1, empty, 0),
                        "18446744073709551615 bytes, must have at most"),
                arguments("a length past the end", withLength(3, empty, 0), "the file only 2"),
                arguments("no header", withLength(0, empty, 0), "The header is null"),
                arguments("not UTF-8", file(new byte[] {'{', '"', -1}, 0), "must be UTF-8"),
                arguments(
                        "an overlong UTF-8 form",
                        file(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"'}, 0),
                        "must be UTF-8"),
                arguments("UTF-16", file("\ufeff{}", 0), "not valid JSON"),
                arguments(
                        "half a surrogate pair",
                        header(entry("\\ud800", "U8", "[0]", 0, 0)),
                        "not Unicode"),
                arguments("not JSON", file("{]", 0), "not valid JSON"),
                arguments("cut JSON", file("{\"a\":", 0), "not valid JSON"),
                arguments("a comment", file("{/**/}", 0), "not valid JSON"),
                arguments("padded with NUL", file("{}\0\0", 0), "not valid JSON"),
                arguments("two objects", file("{}{}", 0), "must end after its JSON object"),
                arguments("an array", file("[]", 0), "is START_ARRAY, must be START_OBJECT"),
                arguments("deep nesting", file("{\"a\":{\"x\":" + "[".repeat(100), 0), "depth"),
                arguments("a long name", file("{\"" + "n".repeat(100_001) + "\":1}", 0), "length"),
                arguments(
                        "the same tensor twice",
                        header(entry("a", "U8", "[0]", 0, 0) + "," + entry("a", "U8", "[0]", 0, 0)),
                        "Duplicate field 'a'"),
                arguments(
                        "the same field twice",
                        header("\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}"),
                        "Duplicate field 'dtype'"),
                arguments(
                        "the same metadata twice",
                        header("\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}"),
                        "Duplicate field 'a'"),
                arguments(
                        "metadata that is a list",
                        header("\"__metadata__\":[]"),
                        "__metadata__ is START_ARRAY"),
                arguments(
                        "metadata that is a number",
                        header("\"__metadata__\":{\"a\":1}"),
                        "__metadata__.a is VALUE_NUMBER_INT, must be VALUE_STRING"),
                arguments("a tensor that is null", header("\"a\":null"), "Tensor a is VALUE_NULL"),
                arguments(
                        "a tensor without offsets",
                        header("\"a\":{\"dtype\":\"U8\",\"shape\":[0]}"),
                        "Tensor a must have dtype, shape and data_offsets"),
                arguments(
                        "an unknown dtype",
                        header(entry("a", "F128", "[0]", 0, 0)),
                        "Tensor a has an unknown dtype (F128)"),
                arguments(
                        "a dtype that is a number",
                        header("\"a\":{\"dtype\":1,\"shape\":[0],\"data_offsets\":[0,0]}"),
                        "Tensor a.dtype is VALUE_NUMBER_INT"),
                arguments(
                        "a shape that is a number",
                        header(entry("a", "U8", "0", 0, 0)),
                        "Tensor a.shape is VALUE_NUMBER_INT, must be START_ARRAY"),
                arguments(
                        "a fractional dimension",
                        header(entry("a", "U8", "[1.0]", 0, 1)),
                        "Tensor a.shape is VALUE_NUMBER_FLOAT"),
                arguments(
                        "a negative dimension",
                        header(entry("a", "U8", "[-1]", 0, 0)),
                        "Tensor a.shape (-1) must not be negative"),
                arguments(
                        "a dimension beyond 64 bits",
                        header(entry("a", "U8", "[9223372036854775808]", 0, 0)),
                        "not valid JSON"),
                arguments(
                        "a number of many digits",
                        header(entry("a", "U8", "[" + "1".repeat(1000) + "]", 0, 0)),
                        "not valid JSON"),
                arguments(
                        "too many dimensions",
                        header(entry("a", "U8", "[1" + ",1".repeat(64) + "]", 0, 1)),
                        "must have at most 64 numbers"),
                arguments(
                        "three offsets",
                        header("\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0,0]}"),
                        "data_offsets [0, 0, 0], must have two"),
                arguments(
                        "more elements than 64 bits",
                        header(entry("a", "U8", "[%d,%d]".formatted(HUGE, HUGE), 0, 0)),
                        "impossible shape"),
                arguments(
                        "more elements than 64 bits, times zero",
                        header(entry("a", "U8", "[%d,%d,0]".formatted(HUGE, HUGE), 0, 0)),
                        "impossible shape"),
                arguments(
                        "more bits than 64 bits",
                        header(entry("a", "F64", "[%d]".formatted(HUGE), 0, 0)),
                        "impossible shape"),
                arguments(
                        "half a byte",
                        file("{" + entry("a", "F4", "[1]", 0, 1) + "}", 1),
                        "the last byte is not full"),
                arguments(
                        "a size that is not the shape's",
                        file("{" + entry("a", "F32", "[2]", 0, 7) + "}", 7),
                        "data_offsets [0, 7], F32[2] must have 8 bytes"),
                arguments(
                        "an end before its start",
                        file("{" + entry("a", "U8", "[1]", 1, 0) + "}", 1),
                        "data_offsets [1, 0], U8[1] must have 1 bytes"),
                arguments(
                        "a hole at the start",
                        file("{" + entry("a", "U8", "[1]", 1, 2) + "}", 2),
                        "Tensor a starts at 1, must start at 0"),
                arguments("a hole", two(0, 1, 2, 3), "Tensor b starts at 2, must start at 1"),
                arguments("an overlap", two(0, 2, 1, 3), "Tensor b starts at 1, must start at 2"),
                arguments("one place for two", two(0, 2, 0, 2), "starts at 0, must start at 2"),
                arguments(
                        "bytes past the last tensor",
                        file("{" + entry("a", "U8", "[1]", 0, 1) + "}", 2),
                        "end at 1, must end at 2"),
                arguments(
                        "a tensor past the end",
                        file("{" + entry("a", "U8", "[3]", 0, 3) + "}", 2),
                        "end at 3, must end at 2"));
    }

    private static byte[] header(String entries) {
        return file("{" + entries + "}", 0);
    }

    private static byte[] two(int a, int aEnd, int b, int bEnd) {
        return file(
                "{"
                        + entry("a", "U8", "[" + (aEnd - a) + "]", a, aEnd)
                        + ","
                        + entry("b", "U8", "[" + (bEnd - b) + "]", b, bEnd)
                        + "}",
                3);
    }

    @Test
    void aCallerMayAllowLess() {
        byte[] file = header(entry("a", "U8", "[0]", 0, 0) + "," + entry("b", "U8", "[0]", 0, 0));

        assertThatThrownBy(() -> SafetensorsFile.of(ByteBuffer.wrap(file), new Limits(1000, 1)))
                .isInstanceOf(SafetensorsException.class)
                .hasMessage("The file has more than 1 tensors, the limit.");
        assertThatThrownBy(() -> SafetensorsFile.of(ByteBuffer.wrap(file), new Limits(50, 9)))
                .isInstanceOf(SafetensorsException.class)
                .hasMessage("The header has 105 bytes, must have at most 50.");
    }
}
