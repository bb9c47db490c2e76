package io.flinkpeft.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Tokens of texts without padding: one text after the other, an adapter's after the one's before.
 */
final class PackedTexts {

    /**
     * The fewest tokens of an adapter: with fewer rows libtorch multiplies matrices by other
     * kernels, whose last bits differ, so what is missing is filled with tokens that no text has.
     */
    static final int MIN_TOKENS = 4;

    /** What stands for a text without tokens: attention needs one. */
    private static final Tokens NO_TOKEN = new Tokens(new long[1], new long[1], false);

    private final int promptTokens;
    private final List<Tokens> texts = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final List<Integer> adapters = new ArrayList<>();
    private final List<int[]> virtual = new ArrayList<>();
    private final List<Long> tokensPerAdapter = new ArrayList<>();
    private int size;
    private boolean filled;

    /**
     * No text yet.
     *
     * @param promptTokens tokens before each text's own
     */
    PackedTexts(int promptTokens) {
        this.promptTokens = promptTokens;
    }

    /** Adds an adapter's texts. */
    void add(List<Tokens> adapterTexts) {
        int before = size;
        for (Tokens given : adapterTexts) {
            Tokens text = promptTokens + given.length() == 0 ? NO_TOKEN : given;
            texts.add(text);
            starts.add(size);
            adapters.add(tokensPerAdapter.size());
            virtual.add(text.virtual());
            size = Math.addExact(size, length(texts.size() - 1));
        }
        if (size - before < MIN_TOKENS) {
            size = before + MIN_TOKENS;
            filled = true;
        }
        tokensPerAdapter.add((long) size - before);
    }

    /** How many texts. */
    int count() {
        return texts.size();
    }

    /** All tokens, filling included. */
    int size() {
        return size;
    }

    /** Whether some tokens belong to no text. */
    boolean filled() {
        return filled;
    }

    /** Where a text starts. */
    int start(int text) {
        return starts.get(text);
    }

    /** How many tokens a text has, those of the prompt included. */
    int length(int text) {
        return before(text) + texts.get(text).length();
    }

    /** The width that a text's attention is padded to: a function of its own length alone. */
    int width(int text) {
        int length = length(text);
        if (length == 1) {
            return 1; // what follows a single token stands right behind it
        }
        int step = length <= 32 ? 8 : length <= 128 ? 16 : 64;
        return (length + step - 1) / step * step;
    }

    /** The adapter of a text, counted from 0. */
    int adapter(int text) {
        return adapters.get(text);
    }

    /** How many tokens of a prompt stand before a text's own: none if their places are inside. */
    private int before(int text) {
        return virtual.get(text).length > 0 ? 0 : promptTokens;
    }

    /** Where a text's own tokens start. */
    int first(int text) {
        return start(text) + before(text);
    }

    long[] tokensPerAdapter() {
        return tokensPerAdapter.stream().mapToLong(Long::longValue).toArray();
    }

    long[] ids() {
        return eachToken((text, i) -> Math.max(text.ids()[i], 0));
    }

    /** The segment of each token. */
    long[] segments() {
        return eachToken((text, i) -> text.typeIds()[i]);
    }

    private interface TokenValue {
        long of(Tokens text, int position);
    }

    private long[] eachToken(TokenValue value) {
        long[] values = new long[size];
        for (int t = 0; t < texts.size(); t++) {
            Tokens text = texts.get(t);
            for (int i = 0; i < text.length(); i++) {
                values[first(t) + i] = value.of(text, i);
            }
        }
        return values;
    }

    /**
     * The position of each token.
     *
     * @param first that of a text's first
     * @param without a token that takes no position and gets -1; behind a prompt it takes one
     */
    long[] positions(int first, OptionalLong without) {
        long[] positions = new long[size];
        for (int t = 0; t < texts.size(); t++) {
            int next = first;
            for (int i = 0; i < length(t); i++) {
                positions[starts.get(t) + i] = takesNone(t, i, without) ? -1 : next++;
            }
        }
        return positions;
    }

    private boolean takesNone(int text, int place, OptionalLong without) {
        return without.isPresent()
                && promptTokens == 0
                && place < texts.get(text).length() // not what stands for an empty text
                && texts.get(text).ids()[place] == without.getAsLong();
    }

    /** The places of the prompts' tokens. */
    long[] prompts() {
        long[] prompts = new long[texts.size() * promptTokens];
        for (int i = 0; i < prompts.length; i++) {
            int text = i / promptTokens;
            int token = i % promptTokens;
            int[] inside = virtual.get(text);
            prompts[i] = start(text) + (inside.length > 0 ? inside[token] : token);
        }
        return prompts;
    }

    /**
     * The text of each token; those of prompts and filling belong to none, which is their count.
     */
    long[] textOfToken() {
        long[] owners = new long[size];
        Arrays.fill(owners, texts.size());
        for (int t = 0; t < texts.size(); t++) {
            int start = first(t); // a prompt is not pooled
            Arrays.fill(owners, start, start + texts.get(t).length(), t);
        }
        return owners;
    }

    /** How many tokens each text has of its own. */
    float[] ownLengths() {
        float[] lengths = new float[texts.size()];
        for (int t = 0; t < lengths.length; t++) {
            lengths[t] = texts.get(t).length();
        }
        return lengths;
    }
}
