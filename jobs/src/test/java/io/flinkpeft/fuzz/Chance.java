package io.flinkpeft.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Choices that a seed repeats. */
final class Chance {

    private final Random random;

    Chance(long seed) {
        random = new Random(seed);
    }

    /** True once in so many times. */
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    @SafeVarargs
    final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** The bytes with some of them changed, left out or said twice. */
    byte[] garbled(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        byte[] garbled = bytes.clone();
        int place = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> garbled[place] ^= (byte) (1 << random.nextInt(8));
            case 1 -> garbled[place] = (byte) random.nextInt();
            case 2 -> garbled = Arrays.copyOf(bytes, place);
            default -> random.nextBytes(garbled);
        }
        return garbled;
    }
}
