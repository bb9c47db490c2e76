package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    public BatchTensors tensors(InputBuffer buffer, NDManager scope) {
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
        List<NDArray> gather = groups.gather(tokens, buffer, scope);
        List<NDArray> mask = groups.attentionMask(before, step + 1, buffer, scope);
        List<NDArray> adapterOfRow = groups.adapterOfRow(before, buffer, scope);
        NDArray empty = buffer.longs(scope, new long[0], 0);
        long[] tokensPerAdapter = tokens.tokensPerAdapter();
        long[] noTexts = new long[tokensPerAdapter.length]; // none begins here, nor a prompt
        if (!batch.hasTargets()) {
            return new BatchTensors(
                    idTensor,
                    positionTensor,
                    buffer.longs(scope, new long[size], size),
                    ungather,
                    gather,
                    mask,
                    adapterOfRow,
                    buffer.longs(scope, tokens.textOfToken(), size),
                    outputs,
                    buffer.floats(scope, lengths, places.length, 1),
                    empty,
                    outputs,
                    tokensPerAdapter,
                    noTexts,
                    batch.textsPerAdapter(),
                    List.of(),
                    false,
                    BatchTensors.Decoder.absent(empty));
        }
        // without texts, whose keys and values are kept
        return new BatchTensors(
                empty,
                empty,
                empty,
                empty,
                List.of(),
                List.of(),
                List.of(),
                empty,
                empty,
                empty,
                empty,
                outputs,
                noTexts,
                noTexts,
                batch.textsPerAdapter(),
                List.of(),
                false,
                new BatchTensors.Decoder(
                        idTensor,
                        positionTensor,
                        ungather,
                        gather,
                        mask,
                        adapterOfRow,
                        List.of(),
                        groups.attentionMask(batch.texts(), 0, buffer, scope),
                        tokensPerAdapter));
    }
}
