package io.flinkpeft.safetensors;

/** IEEE 754 binary16, which Java has no type for. */
final class HalfFloat {

    private HalfFloat() {}

    /** The same value; every half is a float too. */
    static float toFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            // zero or subnormal: the fraction counts in steps of 2^-24
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
        }
        // 31 is infinity and NaN; otherwise the bias goes from 15 to 127
        int wide = exponent == 31 ? 255 : exponent + 112;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }
}
