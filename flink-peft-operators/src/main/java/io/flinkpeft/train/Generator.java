package io.flinkpeft.train;

import static java.util.Collections.nCopies;

import ai.djl.ndarray.NDArray;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.GenerationConfig;
import io.flinkpeft.model.NextTokens;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.task.Decoding;
import io.flinkpeft.task.GeneratedText.Finish;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Continues texts, or the targets of an encoder-decoder, a token of each a call. Keys and values of
 * earlier tokens are kept, so that a token goes through the model once.
 *
 * @param base the model
 * @param kernels of the adapters' program
 * @param decoding how tokens are chosen
 * @param config where texts end
 */
record Generator(BaseModel base, Kernels kernels, Decoding decoding, GenerationConfig config) {

    /**
     * What follows a text.
     *
     * @param ids the new tokens
     * @param finish why there are no more
     */
    record Continuation(long[] ids, Finish finish) {}

    /** A text that is being continued. */
    private final class Text {
        private final Set<Long> seen = new HashSet<>();
        private final List<Long> added = new ArrayList<>();
        private final TokenChoice choice;
        private final int room;
        private Finish finish; // null while it goes on

        Text(Tokens prompt, String text, int before) {
            for (long id : prompt.ids()) {
                seen.add(id);
            }
            choice = TokenChoice.of(decoding, config.repetitionPenalty(), text);
            int free = base.maxPositions() - before - prompt.length();
            room = Math.min(decoding.maxNewTokens(), free + 1); // nothing reads the last one
        }

        /** Chooses the next token; a text that is complete gets one without meaning. */
        long next(float[] logits, int step) {
            if (finish != null) {
                return 0;
            }
            check(logits);
            OptionalLong forced = forced(step);
            long token = forced.orElseGet(() -> choice.next(logits, seen, step));
            added.add(token);
            seen.add(token);
            boolean full = added.size() == room;
            if (config.endTokens().contains(token) && !(full && forced.isPresent())) {
                finish = Finish.END_TOKEN;
            } else if (full) {
                finish = room == decoding.maxNewTokens() ? Finish.MAX_NEW_TOKENS : Finish.POSITIONS;
            }
            return token;
        }

        /** Minus infinity is how a checkpoint may rule a token out. */
        private static void check(float[] logits) {
            for (float logit : logits) {
                if (!(logit < Float.POSITIVE_INFINITY)) {
                    throw new ArithmeticException(
                            "Logits of the next token ("
                                    + logit
                                    + ") must be finite. Maybe the adapter's values are too"
                                    + " large.");
                }
            }
        }

        private OptionalLong forced(int step) {
            if (step == 0 && base.encodesAndDecodes() && config.first().isPresent()) {
                return config.first();
            }
            return step == room - 1 ? config.last() : OptionalLong.empty();
        }

        Continuation continuation() {
            long[] ids = added.stream().mapToLong(Long::longValue).toArray();
            return new Continuation(ids, finish);
        }
    }

    /**
     * Continues texts, or finds their targets.
     *
     * @param rowLayout of the adapters
     * @param rows one an adapter
     * @param prompts of each adapter
     * @param texts that the prompts are made of
     * @throws ArithmeticException if the logits of a text's next token are not finite
     * @throws CancellationException if the thread was interrupted
     * @return what follows each text, adapter by adapter
     */
    List<Continuation> generate(
            RowLayout rowLayout,
            List<NDArray> rows,
            List<List<Tokens>> prompts,
            List<List<String>> texts) {
        PackedBatch batch = rowLayout.newBatch(base);
        List<Text> all = new ArrayList<>();
        for (int a = 0; a < prompts.size(); a++) {
            List<Tokens> own = prompts.get(a);
            List<Tokens> targets =
                    base.encodesAndDecodes() ? nCopies(own.size(), start()) : List.of();
            List<Tokens> continued = targets.isEmpty() ? own : targets;
            batch.add(own, continued.stream().map(Generator::last).toList(), targets);
            for (int i = 0; i < own.size(); i++) {
                int before = rowLayout.attached().virtualTokens();
                all.add(new Text(continued.get(i), texts.get(a).get(i), before));
            }
        }
        NextTokens following = new NextTokens(batch, base.maxPositions());
        Kernels.Next next = kernels.next(rowLayout, rows, batch, List.of());
        try {
            for (int step = 0; ; step++) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("Generation was interrupted.");
                }
                long[] ids = new long[all.size()];
                for (int t = 0; t < ids.length; t++) {
                    ids[t] = all.get(t).next(next.logits()[t], step);
                }
                if (all.stream().allMatch(text -> text.finish != null)) {
                    return all.stream().map(Text::continuation).toList();
                }
                Kernels.Next before = next;
                next = kernels.next(rowLayout, rows, following.with(ids, step), before.keyValues());
                before.close();
            }
        } finally {
            next.close();
        }
    }

    /** What the target of an encoder-decoder starts with. */
    private Tokens start() {
        long model = base.directory().config().decoderStart().orElseThrow();
        return Tokens.of(config.start().orElse(model));
    }

    private static int[] last(Tokens tokens) {
        return new int[] {tokens.length() - 1};
    }
}
