package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * One more token of each text of a {@link PackedBatch}, whose keys and values are kept: a token
 * attends to those of its own text. The rows of attention are those of the batch, so neither the
 * work on a text nor its result depends on the other texts.
 */
public final class NextTokens implements PackedInputs {

    private final List<Integer> lengths = new ArrayList<>();
    private final List<Integer> adapters = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final List<Long> tokensPerAdapter = new ArrayList<>();
    private final List<Long> textsPerAdapter = new ArrayList<>();
    private final TreeMap<Integer, List<Integer>> textsByWidth = new TreeMap<>();
    private final int prefixTokens;
    private final int maxPositions;
    private int size;
    private long[] ids;
    private int step;

    /**
     * After a batch.
     *
     * @param lengths for each adapter the tokens of its texts, those of the prompt included
     * @param prefixTokens keys and values before each text's own
     * @param maxPositions how many positions the base has; a text that is complete may go on there
     *     without effect on the others
     */
    public NextTokens(List<List<Integer>> lengths, int prefixTokens, int maxPositions) {
        this.prefixTokens = prefixTokens;
        this.maxPositions = maxPositions;
        for (int a = 0; a < lengths.size(); a++) {
            for (int i = 0; i < lengths.get(a).size(); i++) {
                int length = lengths.get(a).get(i);
                int width = PackedBatch.width(length);
                textsByWidth.computeIfAbsent(width, w -> new ArrayList<>()).add(places.size());
                places.add(size + i);
                adapters.add(a);
                this.lengths.add(length);
            }
            int texts = lengths.get(a).size();
            tokensPerAdapter.add((long) Math.max(texts, PackedBatch.MIN_TOKENS));
            textsPerAdapter.add((long) texts);
            size += Math.max(texts, PackedBatch.MIN_TOKENS);
        }
    }

    /**
     * The tokens that follow.
     *
     * @param ids one a text
     * @param step how many tokens each text has got before, after the batch
     */
    public NextTokens with(long[] ids, int step) {
        this.ids = ids.clone();
        this.step = step;
        return this;
    }

    @Override
    public Tensors tensors(InputBuffer buffer, NDManager scope) {
        long[] tokens = new long[size];
        long[] positions = new long[size];
        long[] texts = new long[size];
        Arrays.fill(texts, places.size());
        long[] outputs = new long[places.size()];
        float[] lengthsNow = new float[places.size()];
        for (int t = 0; t < outputs.length; t++) {
            int place = places.get(t);
            tokens[place] = ids[t];
            positions[place] = Math.min(prefixTokens + lengths.get(t) + step, maxPositions - 1);
            texts[place] = t;
            outputs[t] = place;
            lengthsNow[t] = lengths.get(t) + step + 1;
        }
        NDArray[] inputs = {
            buffer.longs(scope, tokens, size),
            buffer.longs(scope, positions, size),
            buffer.longs(scope, new long[size], size),
            buffer.longs(scope, ungather(), size),
            buffer.longs(scope, texts, size),
            buffer.longs(scope, outputs, outputs.length),
            buffer.floats(scope, lengthsNow, outputs.length, 1),
            buffer.longs(scope, new long[0], 0),
            buffer.longs(scope, outputs, outputs.length)
        };
        List<NDArray> gather = new ArrayList<>();
        List<NDArray> mask = new ArrayList<>();
        List<NDArray> owners = new ArrayList<>();
        textsByWidth.forEach(
                (width, group) -> {
                    int rows = group.size();
                    gather.add(buffer.longs(scope, of(group, places), rows));
                    mask.add(
                            buffer.floats(scope, mask(width, group), rows, 1, 1, width + step + 1));
                    owners.add(buffer.longs(scope, of(group, adapters), rows));
                });
        return new Tensors(inputs, array(gather), array(mask), array(owners));
    }

    private static NDArray[] array(List<NDArray> list) {
        return list.toArray(NDArray[]::new);
    }

    private static long[] of(List<Integer> group, List<Integer> values) {
        return group.stream().mapToLong(values::get).toArray();
    }

    /** The padding of the batch stays hidden; what came after it is seen. */
    private float[] mask(int width, List<Integer> group) {
        int keys = width + step + 1;
        float[] mask = new float[group.size() * keys];
        for (int row = 0; row < group.size(); row++) {
            int length = lengths.get(group.get(row));
            Arrays.fill(mask, row * keys + length, row * keys + width, Float.NEGATIVE_INFINITY);
        }
        return mask;
    }

    private long[] ungather() {
        long[] joined = new long[size];
        int place = 0;
        for (List<Integer> group : textsByWidth.values()) {
            for (int text : group) {
                joined[places.get(text)] = place++;
            }
        }
        return joined;
    }

    @Override
    public long[] tokensPerAdapter() {
        return tokensPerAdapter.stream().mapToLong(Long::longValue).toArray();
    }

    /** None: no text begins here, so no prompt does. */
    @Override
    public long[] textsPerAdapter() {
        return new long[textsPerAdapter.size()];
    }

    @Override
    public long[] outputsPerAdapter() {
        return textsPerAdapter.stream().mapToLong(Long::longValue).toArray();
    }
}
