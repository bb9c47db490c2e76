package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;

/**
 * The rows of attention, one a text. Those that are padded to the same widths are a group; so what
 * a text is padded to depends on itself alone.
 *
 * @param groups the texts of each
 */
record AttentionGroups(List<List<Integer>> groups) {

    /**
     * Texts by their widths.
     *
     * @param texts how many
     * @param widths a number for what a text is padded to
     */
    static AttentionGroups of(int texts, IntToLongFunction widths) {
        TreeMap<Long, List<Integer>> byWidth = new TreeMap<>();
        for (int t = 0; t < texts; t++) {
            byWidth.computeIfAbsent(widths.applyAsLong(t), w -> new ArrayList<>()).add(t);
        }
        return new AttentionGroups(List.copyOf(byWidth.values()));
    }

    /** A group's tensor. */
    interface OfGroup {
        /** Of the texts of a group. */
        NDArray of(List<Integer> texts);
    }

    /** A tensor of each group. */
    List<NDArray> each(OfGroup tensor) {
        return groups.stream().map(tensor::of).toList();
    }

    /** For each group the token at each place of its rows. */
    List<NDArray> gather(PackedTexts side, InputBuffer buffer, NDManager scope) {
        return each(group -> buffer.longs(scope, places(side, group), size(side, group)));
    }

    private static int size(PackedTexts side, List<Integer> group) {
        return group.size() * side.width(group.get(0));
    }

    private static long[] places(PackedTexts side, List<Integer> group) {
        // padding points at the text's own first token; the mask keeps it without effect
        int width = side.width(group.get(0));
        long[] index = new long[group.size() * width];
        for (int row = 0; row < group.size(); row++) {
            int start = side.start(group.get(row));
            int length = side.length(group.get(row));
            for (int i = 0; i < width; i++) {
                index[row * width + i] = start + (i < length ? i : 0);
            }
        }
        return index;
    }

    /**
     * For each group 0 at a token, minus infinity at padding.
     *
     * @param more tokens that came behind the padding
     */
    List<NDArray> attentionMask(PackedTexts side, int more, InputBuffer buffer, NDManager scope) {
        return each(
                group -> {
                    int width = side.width(group.get(0));
                    float[] mask = hidden(side, group, width, width + more);
                    return buffer.floats(scope, mask, group.size(), 1, 1, width + more);
                });
    }

    private static float[] hidden(PackedTexts side, List<Integer> group, int width, int keys) {
        float[] mask = new float[group.size() * keys];
        for (int row = 0; row < group.size(); row++) {
            int length = side.length(group.get(row));
            Arrays.fill(mask, row * keys + length, row * keys + width, Float.NEGATIVE_INFINITY);
        }
        return mask;
    }

    /** For each group the adapter of each row. */
    List<NDArray> adapterOfRow(PackedTexts side, InputBuffer buffer, NDManager scope) {
        return each(
                group -> {
                    long[] adapters = group.stream().mapToLong(side::adapter).toArray();
                    return buffer.longs(scope, adapters, adapters.length);
                });
    }

    /**
     * The place of each token in the joined groups; none if the tokens already are one group
     * without padding.
     */
    NDArray ungather(PackedTexts side, InputBuffer buffer, NDManager scope) {
        if (rectangular(side)) {
            return buffer.longs(scope, new long[0], 0);
        }
        long[] places = new long[side.size()];
        int place = 0;
        for (List<Integer> group : groups) {
            for (int t : group) {
                for (int i = 0; i < side.length(t); i++) {
                    places[side.start(t) + i] = place + i;
                }
                place += side.width(t);
            }
        }
        return buffer.longs(scope, places, places.length);
    }

    private boolean rectangular(PackedTexts side) {
        return !side.filled() && groups.size() == 1 && side.size() == side.count() * side.width(0);
    }
}
