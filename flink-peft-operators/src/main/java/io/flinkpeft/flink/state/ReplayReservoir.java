package io.flinkpeft.flink.state;

import io.flinkpeft.event.Example;
import io.flinkpeft.method.Seeds;
import java.util.ArrayList;
import java.util.List;

/**
 * A uniform sample of the examples an adapter was trained on, to train on them again. They become
 * no dead letters, so it keeps nothing of their records.
 *
 * <p>Every random choice is a hash of seed, adapter and the number of examples offered so far, so
 * it depends on nothing but the adapter's own examples in their order. Where the sample would have
 * more than {@link #MAX_BYTES}, one after the other leaves it, each as likely as any other, and is
 * replaced by what is offered next.
 *
 * @param offered how many examples were offered
 * @param examples those that were kept
 * @see <a href="https://doi.org/10.1145/3147.3165">Vitter, Random sampling with a reservoir, 1985,
 *     algorithm R</a>
 */
public record ReplayReservoir(long offered, List<Example> examples) {

    /** Nothing offered yet. */
    public static final ReplayReservoir EMPTY = new ReplayReservoir(0, List.of());

    /** The most that is kept of an adapter: its state is written into one array. */
    public static final long MAX_BYTES = 64L << 20;

    public ReplayReservoir {
        examples = List.copyOf(examples);
    }

    /**
     * This reservoir after more examples were offered.
     *
     * @param learnt examples of one adapter, in order
     * @param size how many are kept at most, at least 1; fewer if they are too many bytes
     * @param seed of the choice
     */
    public ReplayReservoir plus(List<Example> learnt, int size, long seed) {
        var kept = new ArrayList<>(examples.subList(0, Math.min(size, examples.size())));
        long count = offered;
        long bytes = Turn.bytes(kept);
        for (Example example : learnt) {
            long offers = Seeds.derive(seed, example.adapterId(), "offer");
            long place = Seeds.below(count + 1, offers, count);
            count++;
            Example own = example.with(null);
            if (kept.size() < size) {
                kept.add(own);
                bytes += EventSize.of(own);
            } else if (place < size) {
                bytes += EventSize.of(own) - EventSize.of(kept.set((int) place, own));
            }
            long leaves = Seeds.derive(seed, example.adapterId(), "leave", Long.toString(count));
            for (int i = 0; bytes > MAX_BYTES; i++) {
                bytes -= EventSize.of(kept.remove((int) Seeds.below(kept.size(), leaves, i)));
            }
        }
        return new ReplayReservoir(count, kept);
    }

    /** Some of the kept examples, none twice; all if there are no more than {@code count}. */
    public List<Example> sample(int count, long seed) {
        var left = new ArrayList<>(examples);
        var sample = new ArrayList<Example>();
        if (left.isEmpty()) {
            return sample;
        }
        String adapter = left.get(0).adapterId();
        long draws = Seeds.derive(seed, adapter, "sample", Long.toString(offered));
        for (int draw = 0; draw < count && !left.isEmpty(); draw++) {
            sample.add(left.remove((int) Seeds.below(left.size(), draws, draw)));
        }
        return sample;
    }
}
