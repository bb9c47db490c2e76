package io.flinkpeft.model;

import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * Texts of one or several adapters, packed one after the other without padding. For an
 * encoder-decoder each text has a target, and the targets are packed likewise.
 *
 * <p>Only attention is padded, each text to the width of its own length class. So neither the work
 * on a text nor its result depends on the other texts.
 */
public final class PackedBatch implements PackedInputs {

    private final int prefixTokens;
    private final int firstToken;
    private final OptionalLong withoutPosition;
    private final PackedTexts texts;
    private final PackedTexts targets = new PackedTexts(0);
    private final List<Long> textsPerAdapter = new ArrayList<>();
    private final List<Long> outputsPerAdapter = new ArrayList<>();
    private final List<Long> outputs = new ArrayList<>();

    /** A batch of texts as they are. */
    public PackedBatch() {
        this(0, 0, 0, OptionalLong.empty());
    }

    /**
     * A batch of texts with room for what a method puts before them.
     *
     * @param promptTokens tokens before each text's own: they take its first positions
     * @param prefixTokens keys and values before each text's own, or before those of its target, in
     *     every layer: they take its first positions, but are no tokens
     * @param firstToken which of these tokens is pooled as the first
     * @param withoutPosition see {@link BaseModel#withoutPosition}
     */
    public PackedBatch(
            int promptTokens, int prefixTokens, int firstToken, OptionalLong withoutPosition) {
        this.texts = new PackedTexts(promptTokens);
        this.withoutPosition = withoutPosition;
        this.prefixTokens = prefixTokens;
        this.firstToken = firstToken;
    }

    /** Adds an adapter's texts, each of which answers as a whole. */
    public PackedBatch add(List<Tokens> adapterTexts) {
        return add(adapterTexts, Collections.nCopies(adapterTexts.size(), new int[0]), List.of());
    }

    /**
     * Adds an adapter's texts.
     *
     * @param places for each text the tokens whose hidden states answer, counted from its first; -1
     *     is the last one of a prompt before it; with targets those of its target
     * @param adapterTargets one a text for an encoder-decoder; empty for other models
     */
    public PackedBatch add(
            List<Tokens> adapterTexts, List<int[]> places, List<Tokens> adapterTargets) {
        int outputsBefore = outputs.size();
        int text = texts.count();
        texts.add(adapterTexts);
        if (!adapterTargets.isEmpty()) {
            targets.add(adapterTargets);
        }
        for (int[] own : places) {
            long first = answering().first(text++);
            Arrays.stream(own).forEach(place -> outputs.add(first + place));
        }
        textsPerAdapter.add((long) adapterTexts.size());
        outputsPerAdapter.add((long) outputs.size() - outputsBefore);
        return this;
    }

    /** Whether each text has a target. */
    boolean hasTargets() {
        return targets.count() > 0;
    }

    PackedTexts texts() {
        return texts;
    }

    /** The tokens whose hidden states answer: the targets', if there are any. */
    PackedTexts answering() {
        return hasTargets() ? targets : texts;
    }

    /** The position of their first one. */
    int firstPosition() {
        return prefixTokens;
    }

    /** The rows of their attention: of targets those of one width, and their texts as well. */
    AttentionGroups groups() {
        return hasTargets()
                ? AttentionGroups.of(
                        targets.count(), t -> (long) targets.width(t) << 32 | texts.width(t))
                : AttentionGroups.of(texts.count(), texts::width);
    }

    /** How many texts each adapter has. */
    long[] textsPerAdapter() {
        return array(textsPerAdapter);
    }

    @Override
    public BatchTensors tensors(InputBuffer buffer, NDManager scope) {
        AttentionGroups groups = AttentionGroups.of(texts.count(), texts::width);
        int size = texts.size();
        long[] positions = texts.positions(hasTargets() ? 0 : prefixTokens, withoutPosition);
        long[] firsts = new long[texts.count()];
        Arrays.setAll(firsts, text -> texts.start(text) + firstToken);
        long[] prompts = texts.prompts();
        return new BatchTensors(
                buffer.longs(scope, texts.ids(), size),
                buffer.longs(scope, positions, size),
                buffer.longs(scope, texts.segments(), size),
                groups.ungather(texts, buffer, scope),
                groups.gather(texts, buffer, scope),
                groups.attentionMask(texts, 0, buffer, scope),
                groups.adapterOfRow(texts, buffer, scope),
                buffer.longs(scope, texts.textOfToken(), size),
                buffer.longs(scope, firsts, firsts.length),
                buffer.floats(scope, texts.ownLengths(), texts.count(), 1),
                buffer.longs(scope, prompts, prompts.length),
                buffer.longs(scope, array(outputs), outputs.size()),
                texts.tokensPerAdapter(),
                array(textsPerAdapter),
                array(outputsPerAdapter),
                List.of(),
                false,
                decoder(buffer, scope));
    }

    private BatchTensors.Decoder decoder(InputBuffer buffer, NDManager scope) {
        if (!hasTargets()) {
            return BatchTensors.Decoder.absent(buffer.longs(scope, new long[0], 0));
        }
        AttentionGroups groups = groups();
        long[] positions = targets.positions(prefixTokens, OptionalLong.empty());
        return new BatchTensors.Decoder(
                buffer.longs(scope, targets.ids(), targets.size()),
                buffer.longs(scope, positions, targets.size()),
                groups.ungather(targets, buffer, scope),
                groups.gather(targets, buffer, scope),
                groups.attentionMask(targets, 0, buffer, scope),
                groups.adapterOfRow(targets, buffer, scope),
                groups.gather(texts, buffer, scope),
                groups.attentionMask(texts, 0, buffer, scope),
                targets.tokensPerAdapter());
    }

    private static long[] array(List<Long> list) {
        return list.stream().mapToLong(Long::longValue).toArray();
    }
}
