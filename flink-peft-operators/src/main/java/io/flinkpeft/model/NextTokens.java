package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One more token of each text of a {@link PackedBatch}, or of each target, whose keys and values
 * are kept: a token attends to those of its own text. The rows of attention are those of the batch,
 * so neither the work on a text nor its result depends on the other texts.
 */
public final class NextTokens implements PackedInputs {

    private final PackedBatch batch;
    private final PackedTexts before;
    private final AttentionGroups groups;
    private final int maxPositions;
    private long[] ids;
    private int step;

    /**
     * After a batch.
     *
     * @param maxPositions how many positions the base has; a text that is complete may go on there
     *     without effect on the others
     */
    public NextTokens(PackedBatch batch, int maxPositions) {
        this.batch = batch;
        this.before = batch.answering();
        this.groups = batch.groups();
        this.maxPositions = maxPositions;
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

    /** The tokens, each a text of its own, with the fillings that this needs. */
    private PackedTexts tokens() {
        PackedTexts tokens = new PackedTexts(0);
        int text = 0;
        for (long count : batch.textsPerAdapter()) {
            List<Tokens> own = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                own.add(Tokens.of(ids[text++]));
            }
            tokens.add(own);
        }
        return tokens;
    }

    @Override
    public Tensors tensors(InputBuffer buffer, NDManager scope) {
        PackedTexts tokens = tokens();
        int size = tokens.size();
        long[] places = new long[tokens.count()];
        Arrays.setAll(places, tokens::start);
        long[] positions = new long[size];
        float[] lengths = new float[places.length];
        for (int t = 0; t < places.length; t++) {
            int position = batch.firstPosition() + before.length(t) + step;
            positions[tokens.start(t)] = Math.min(position, maxPositions - 1);
            lengths[t] = before.length(t) + step + 1;
        }
        NDArray idTensor = buffer.longs(scope, tokens.ids(), size);
        NDArray positionTensor = buffer.longs(scope, positions, size);
        NDArray ungather = groups.ungather(tokens, buffer, scope);
        NDArray outputs = buffer.longs(scope, places, places.length);
        NDArray none = buffer.longs(scope, new long[0], 0);
        List<NDArray> gather = groups.gather(tokens, buffer, scope);
        List<NDArray> mask = groups.mask(before, step + 1, buffer, scope);
        List<NDArray> owners = groups.owners(before, buffer, scope);
        if (batch.hasTargets()) {
            // without texts, and nothing is gathered from them
            return new Tensors(
                    List.of(
                            none,
                            none,
                            none,
                            none,
                            none,
                            none,
                            none,
                            none,
                            outputs,
                            idTensor,
                            positionTensor,
                            ungather),
                    Stream.concat(gather.stream(), gather.stream()).toList(),
                    Stream.concat(
                                    mask.stream(),
                                    groups.mask(batch.texts(), 0, buffer, scope).stream())
                            .toList(),
                    owners);
        }
        return new Tensors(
                List.of(
                        idTensor,
                        positionTensor,
                        buffer.longs(scope, new long[size], size),
                        ungather,
                        buffer.longs(scope, tokens.textOfToken(), size),
                        outputs,
                        buffer.floats(scope, lengths, places.length, 1),
                        none,
                        outputs),
                gather,
                mask,
                owners);
    }

    @Override
    public long[] tokensPerAdapter() {
        long[] ofEach = tokens().tokensPerAdapter();
        if (!batch.hasTargets()) {
            return ofEach;
        }
        long[] both = new long[2 * ofEach.length];
        System.arraycopy(ofEach, 0, both, ofEach.length, ofEach.length);
        return both;
    }

    /** None: no text begins here, so no prompt does. */
    @Override
    public long[] textsPerAdapter() {
        return new long[batch.textsPerAdapter().length];
    }

    @Override
    public long[] outputsPerAdapter() {
        return batch.textsPerAdapter();
    }
}
