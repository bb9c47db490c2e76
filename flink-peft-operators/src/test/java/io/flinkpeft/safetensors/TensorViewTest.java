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
}
