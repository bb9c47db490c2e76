package io.flinkpeft.flink;

import io.flinkpeft.event.Example;
import java.util.List;
import java.util.stream.IntStream;

/** Streams of examples for several adapters; the same index is always the same example. */
final class Examples {

    private static final List<String> WORDS =
            List.of("river", "runs", "engine", "cold", "gives", "tree", "loud", "small", "moves");
    private static final List<String> LABELS = List.of("noun", "verb", "adjective");

    private Examples() {}

    /** Examples {@code from} to {@code to} of a stream for so many adapters. */
    static List<Example> of(int from, int to, int adapters) {
        return IntStream.range(from, to).mapToObj(i -> example(i, adapters)).toList();
    }

    static Example example(int i, int adapters) {
        int random = i * 0x9E3779B1 >>> 8;
        String text = word(random) + " " + word(random / 9) + " " + word(random / 81);
        String label = i % 11 == 10 ? null : LABELS.get(random % LABELS.size());
        String adapter = "adapter-" + (random / 7) % adapters;
        return new Example(adapter, text, null, label, null, 1000L * i, "texts", 0, i);
    }

    private static String word(int random) {
        return WORDS.get(random % WORDS.size());
    }
}
