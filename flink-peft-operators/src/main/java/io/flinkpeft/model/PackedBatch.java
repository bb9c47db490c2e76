package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Texts of one or several adapters, packed one after the other without padding; {@code
 * kernels/batch.py} says what its tensors are.
 *
 * <p>Only attention is padded, each text to the width of its own length class. So neither the work
 * on a text nor its result depends on the other texts.
 */
public final class PackedBatch implements PackedInputs {

    /**
     * The fewest tokens of an adapter: with fewer rows libtorch multiplies matrices by other
     * kernels, whose last bits differ, so what is missing is filled with tokens that no text has.
     */
    static final int MIN_TOKENS = 4;

    /** What stands for a text without tokens: attention needs one. */
    private static final Tokens NO_TOKEN = new Tokens(new long[1], new long[1], false);

    private final int promptTokens;
    private final int prefixTokens;
    private final int firstToken;
    private final List<Tokens> texts = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final List<Long> tokensPerAdapter = new ArrayList<>();
    private final List<Long> textsPerAdapter = new ArrayList<>();
    private final List<Long> outputsPerAdapter = new ArrayList<>();
    private final List<Long> outputs = new ArrayList<>();
    private int size;
    private boolean filled;

    /** A batch of texts as they are. */
    public PackedBatch() {
        this(0, 0, 0);
    }

    /**
     * A batch of texts with room for what a method puts before them.
     *
     * @param promptTokens tokens before each text's own: they take its first positions
     * @param prefixTokens keys and values before each text's own, in every layer: they take its
     *     first positions, but are no tokens
     * @param firstToken which of these tokens is pooled as the first
     */
    public PackedBatch(int promptTokens, int prefixTokens, int firstToken) {
        this.promptTokens = promptTokens;
        this.prefixTokens = prefixTokens;
        this.firstToken = firstToken;
    }

    /** How many tokens a text has here, those of the prompt included. */
    private int length(int text) {
        return promptTokens + texts.get(text).length();
    }

    /** Adds an adapter's texts, each of which answers as a whole. */
    public PackedBatch add(List<Tokens> adapterTexts) {
        return add(adapterTexts, Collections.nCopies(adapterTexts.size(), new int[0]));
    }

    /**
     * Adds an adapter's texts.
     *
     * @param places for each text the tokens whose hidden states answer, counted from its first; -1
     *     is the last one of a prompt before it
     */
    public PackedBatch add(List<Tokens> adapterTexts, List<int[]> places) {
        int before = size;
        int outputsBefore = outputs.size();
        for (int i = 0; i < adapterTexts.size(); i++) {
            Tokens text = adapterTexts.get(i);
            if (promptTokens + text.length() == 0) {
                text = NO_TOKEN;
            }
            texts.add(text);
            starts.add(size);
            for (int place : places.get(i)) {
                outputs.add((long) size + promptTokens + place);
            }
            size = Math.addExact(size, promptTokens + text.length());
        }
        if (size - before < MIN_TOKENS) {
            size = before + MIN_TOKENS;
            filled = true;
        }
        tokensPerAdapter.add((long) size - before);
        textsPerAdapter.add((long) adapterTexts.size());
        outputsPerAdapter.add((long) outputs.size() - outputsBefore);
        return this;
    }

    @Override
    public long[] tokensPerAdapter() {
        return tokensPerAdapter.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public long[] textsPerAdapter() {
        return textsPerAdapter.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public long[] outputsPerAdapter() {
        return outputsPerAdapter.stream().mapToLong(Long::longValue).toArray();
    }

    /** All tokens, filling included. */
    public int size() {
        return size;
    }

    @Override
    public Tensors tensors(InputBuffer buffer, NDManager scope) {
        Groups groups = new Groups();
        NDArray[] inputs = {
            buffer.longs(scope, eachToken((text, i) -> text.ids()[i], 0), size),
            buffer.longs(scope, positions(), size),
            buffer.longs(scope, eachToken((text, i) -> text.typeIds()[i], 0), size),
            groups.ungather(buffer, scope),
            buffer.longs(scope, textOfToken(), size),
            buffer.longs(scope, firsts(), texts.size()),
            buffer.floats(scope, lengths(), texts.size(), 1),
            buffer.longs(scope, prompts(), texts.size() * promptTokens),
            buffer.longs(scope, outputs(), outputs.size())
        };
        return new Tensors(
                inputs,
                groups.gather(buffer, scope),
                groups.mask(buffer, scope),
                groups.owners(buffer, scope));
    }

    private interface TokenValue {
        long of(Tokens text, int position);
    }

    private long[] eachToken(TokenValue value, long filling) {
        long[] values = new long[size];
        Arrays.fill(values, filling);
        for (int t = 0; t < texts.size(); t++) {
            Tokens text = texts.get(t);
            for (int i = 0; i < text.length(); i++) {
                values[starts.get(t) + promptTokens + i] = value.of(text, i);
            }
        }
        return values;
    }

    /** The adapter of a text, counted from 0. */
    private int adapter(int text) {
        int adapter = 0;
        for (long rest = text; rest >= textsPerAdapter.get(adapter); adapter++) {
            rest -= textsPerAdapter.get(adapter);
        }
        return adapter;
    }

    private long[] positions() {
        long[] positions = new long[size];
        for (int t = 0; t < texts.size(); t++) {
            for (int i = 0; i < length(t); i++) {
                positions[starts.get(t) + i] = prefixTokens + i;
            }
        }
        return positions;
    }

    private long[] firsts() {
        return starts.stream().mapToLong(start -> start + firstToken).toArray();
    }

    private long[] prompts() {
        long[] prompts = new long[texts.size() * promptTokens];
        for (int i = 0; i < prompts.length; i++) {
            prompts[i] = starts.get(i / promptTokens) + i % promptTokens;
        }
        return prompts;
    }

    private long[] outputs() {
        return outputs.stream().mapToLong(Long::longValue).toArray();
    }

    private long[] textOfToken() {
        long[] owners = new long[size];
        Arrays.fill(owners, texts.size());
        for (int t = 0; t < texts.size(); t++) {
            int start = starts.get(t) + promptTokens; // a prompt is not pooled
            Arrays.fill(owners, start, start + texts.get(t).length(), t);
        }
        return owners;
    }

    private float[] lengths() {
        float[] lengths = new float[texts.size()];
        for (int t = 0; t < lengths.length; t++) {
            lengths[t] = texts.get(t).length();
        }
        return lengths;
    }

    /** The width that a text's attention is padded to: a function of its own length alone. */
    static int width(int length) {
        int step = length <= 32 ? 8 : length <= 128 ? 16 : 64;
        return (length + step - 1) / step * step;
    }

    /** The texts by width. */
    private final class Groups {
        private final Map<Integer, List<Integer>> textsByWidth = new TreeMap<>();

        Groups() {
            for (int t = 0; t < texts.size(); t++) {
                int width = width(length(t));
                textsByWidth.computeIfAbsent(width, w -> new ArrayList<>()).add(t);
            }
        }

        /** Whether the packed tokens already are one group without padding. */
        private boolean rectangular() {
            return !filled
                    && textsByWidth.size() == 1
                    && size == texts.size() * textsByWidth.keySet().iterator().next();
        }

        NDArray[] gather(InputBuffer buffer, NDManager scope) {
            return textsByWidth.entrySet().stream()
                    .map(group -> gather(group.getKey(), group.getValue(), buffer, scope))
                    .toArray(NDArray[]::new);
        }

        private NDArray gather(int width, List<Integer> group, InputBuffer buffer, NDManager s) {
            // padding points at the text's own first token; the mask keeps it without effect
            long[] index = new long[group.size() * width];
            for (int row = 0; row < group.size(); row++) {
                int start = starts.get(group.get(row));
                int length = length(group.get(row));
                for (int i = 0; i < width; i++) {
                    index[row * width + i] = start + (i < length ? i : 0);
                }
            }
            return buffer.longs(s, index, index.length);
        }

        NDArray[] mask(InputBuffer buffer, NDManager scope) {
            return textsByWidth.entrySet().stream()
                    .map(group -> mask(group.getKey(), group.getValue(), buffer, scope))
                    .toArray(NDArray[]::new);
        }

        private NDArray mask(int width, List<Integer> group, InputBuffer buffer, NDManager scope) {
            float[] mask = new float[group.size() * width];
            for (int row = 0; row < group.size(); row++) {
                int length = length(group.get(row));
                Arrays.fill(mask, row * width + length, (row + 1) * width, Float.NEGATIVE_INFINITY);
            }
            return buffer.floats(scope, mask, group.size(), 1, 1, width);
        }

        NDArray[] owners(InputBuffer buffer, NDManager scope) {
            return textsByWidth.values().stream()
                    .map(
                            group ->
                                    buffer.longs(
                                            scope,
                                            group.stream()
                                                    .mapToLong(PackedBatch.this::adapter)
                                                    .toArray(),
                                            group.size()))
                    .toArray(NDArray[]::new);
        }

        NDArray ungather(InputBuffer buffer, NDManager scope) {
            if (rectangular()) {
                return buffer.longs(scope, new long[0], 0);
            }
            long[] places = new long[size];
            int place = 0;
            for (var group : textsByWidth.entrySet()) {
                for (int t : group.getValue()) {
                    for (int i = 0; i < length(t); i++) {
                        places[starts.get(t) + i] = place + i;
                    }
                    place += group.getKey();
                }
            }
            return buffer.longs(scope, places, size);
        }
    }
}
