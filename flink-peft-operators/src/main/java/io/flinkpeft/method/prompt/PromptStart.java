package io.flinkpeft.method.prompt;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.RowRules;
import io.flinkpeft.method.Seeds;

/**
 * What a prompt starts from.
 *
 * @param initialization what it is
 * @param text for {@link PromptInitialization#TEXT}
 */
record PromptStart(PromptInitialization initialization, String text) implements RowRules {

    @Override
    public void initialize(AttachedMethod method, BaseTensors base, long seed, float[] row) {
        switch (initialization) {
            case RANDOM -> normal(method, seed, row);
            case SAMPLE_VOCAB -> fill(method, base, sampled(method, seed, base), row);
            case TEXT -> fill(method, base, base.tokens(text), row);
        }
    }

    private static void normal(AttachedMethod method, long seed, float[] row) {
        long stream = Seeds.derive(seed, VirtualTokens.EMBEDDINGS);
        for (int i = 0; i < method.tensors().size(); i++) {
            row[i] = Seeds.gaussian(stream, i);
        }
    }

    private static long[] sampled(AttachedMethod method, long seed, BaseTensors base) {
        int[] shape = shape(method);
        long vocabulary = base.wordEmbeddings().length / shape[1];
        long stream = Seeds.derive(seed, VirtualTokens.EMBEDDINGS);
        long[] sampled = new long[shape[0]];
        for (int i = 0; i < sampled.length; i++) {
            sampled[i] = Seeds.below(vocabulary, stream, i);
        }
        return sampled;
    }

    /** Copies tokens' embeddings, from the start again when there are no more. */
    private static void fill(AttachedMethod method, BaseTensors base, long[] ids, float[] row) {
        float[] table = base.wordEmbeddings();
        int[] shape = shape(method);
        for (int i = 0; i < shape[0]; i++) {
            int from = Math.toIntExact(ids[i % ids.length] * shape[1]);
            System.arraycopy(table, from, row, i * shape[1], shape[1]);
        }
    }

    private static int[] shape(AttachedMethod method) {
        TensorLayout.Slot slot = method.tensors().slots().get(0);
        return new int[] {slot.shape().get(0), slot.shape().get(1)};
    }
}
