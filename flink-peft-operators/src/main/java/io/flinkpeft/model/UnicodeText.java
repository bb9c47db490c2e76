package io.flinkpeft.model;

/** Half of a surrogate pair is no character; native code has three in its place. */
final class UnicodeText {

    private static final int REPLACEMENT = 0xFFFD;

    private UnicodeText() {}

    /** The text with the replacement character where half a pair stands. */
    static String of(String text) {
        return text.codePoints().noneMatch(UnicodeText::isHalf)
                ? text
                : text.codePoints()
                        .map(point -> isHalf(point) ? REPLACEMENT : point)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
    }

    private static boolean isHalf(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
