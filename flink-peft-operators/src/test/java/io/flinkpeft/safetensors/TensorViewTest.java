package io.flinkpeft.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorViewTest {

    private static float half(int bits) {
        var data = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        data.putShort(0, (short) bits);
        return new TensorView("h", DType.F16, List.of(), data).toFloats()[0];
    }

    @Test
    void halvesBecomeTheFloatsTheyAre() {
        assertThat(half(0x3c00)).isEqualTo(1f);
        assertThat(half(0xc000)).isEqualTo(-2f);
        assertThat(half(0x7bff)).isEqualTo(65504f);
        assertThat(half(0x0400)).as("smallest normal").isEqualTo(0x1p-14f);
        assertThat(half(0x0001)).as("smallest subnormal").isEqualTo(0x1p-24f);
        assertThat(half(0x03ff)).as("largest subnormal").isEqualTo(1023 * 0x1p-24f);
        assertThat(half(0x8000)).isEqualTo(-0f);
        assertThat(half(0x7c00)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(half(0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(half(0x7e01)).isNaN();
    }

    @Test
    void bfloatsAreTheUpperHalfOfAFloat() {
        var data = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0x3f, 0x49, (byte) 0xc0});
        assertThat(new TensorView("b", DType.BF16, List.of(2L), data).toFloats())
                .containsExactly(1f, -3.140625f);
    }

    @Test
    void doublesAreRounded() {
        var data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0, 0.1);
        assertThat(new TensorView("d", DType.F64, List.of(1L), data).toFloats())
                .containsExactly(0.1f);
    }

    @Test
    void integersAreNotFloats() {
        var tensor = new TensorView("i", DType.I64, List.of(), ByteBuffer.allocate(8));
        assertThatThrownBy(tensor::toFloats)
                .hasMessage(
                        "Tensor i has type I64, must be F32, F16, BF16 or F64 to be read as"
                                + " floats.");
    }

    @Test
    void everyHalfComesBack() {
        for (DType type : List.of(DType.F16, DType.BF16)) {
            var bytes = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 1 << 16; i++) {
                // a NaN has many forms, of which one comes back
                boolean nan = type == DType.F16 ? (i & 0x7fff) > 0x7c00 : (i & 0x7fff) > 0x7f80;
                bytes.putShort(2 * i, (short) (nan ? 0 : i));
            }
            var tensor = new TensorView("t", type, List.of(1L << 16), bytes);
            assertThat(tensor.as(DType.F32).as(type).data()).isEqualTo(tensor.data());
        }
    }

    @Test
    void halvesAreRoundedToTheNearestAndThenToTheEven() {
        float[] values = {1 + 0x1p-11f, 1 + 0x3p-11f, 65519, 65520, 0x1p-25f, 0x3p-25f, Float.NaN};
        assertThat(TensorView.of("t", values, 7).as(DType.F16).toFloats())
                .containsExactly(
                        1, 1 + 0x1p-9f, 65504, Float.POSITIVE_INFINITY, 0, 0x1p-23f, Float.NaN);
        float[] others = {1 + 0x1p-8f, 1 + 0x3p-8f, -1 - 0x1p-8f, Float.MAX_VALUE, Float.NaN};
        assertThat(TensorView.of("t", others, 5).as(DType.BF16).toFloats())
                .containsExactly(1, 1 + 0x1p-6f, -1, Float.POSITIVE_INFINITY, Float.NaN);
    }
}
