package io.flinkpeft.example.scale;

import io.flinkpeft.event.Example;
import io.flinkpeft.example.wordnet.Gloss;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A stream of rounds. In each round some adapters have a batch of examples; the first round has all
 * adapters, so that the others find them there.
 */
final class Touches implements Serializable {

    private static final long serialVersionUID = 1;
    private static final long SEED = 11;

    /** Rounds of few examples come often, up to this number of them and of rounds. */
    private static final int ENOUGH_EXAMPLES = 1000;

    private static final int MOST_ROUNDS = 15;

    /**
     * A round.
     *
     * @param percent of the adapters that have a batch; 0: all have their first
     * @param adapters which, in the order of the stream
     * @param start the index of its first example
     */
    record Round(int percent, int[] adapters, long start) implements Serializable {}

    private final int batch;
    private final List<Gloss> glosses;
    private final List<Round> rounds = new ArrayList<>();

    /**
     * Plans the rounds.
     *
     * @param adapters how many there are
     * @param batch examples of a batch
     * @param percents of the adapters that each round after the first touches; at least one
     * @param glosses the texts
     */
    Touches(int adapters, int batch, List<Integer> percents, List<Gloss> glosses) {
        this.batch = batch;
        this.glosses = glosses;
        add(0, IntStream.range(0, adapters).toArray());
        var random = new Random(SEED);
        for (int percent : percents) {
            int touched = Math.max(1, adapters * percent / 100);
            int rounds = Math.max(1, Math.min(MOST_ROUNDS, ENOUGH_EXAMPLES / (touched * batch)));
            for (int i = 0; i < rounds; i++) {
                var all = new ArrayList<>(IntStream.range(0, adapters).boxed().toList());
                Collections.shuffle(all, random);
                add(percent, all.stream().limit(touched).mapToInt(id -> id).toArray());
            }
        }
    }

    private void add(int percent, int[] adapters) {
        rounds.add(new Round(percent, adapters, examples()));
    }

    List<Round> rounds() {
        return List.copyOf(rounds);
    }

    /** How many examples a round has. */
    long examples(Round round) {
        return examples(round.adapters().length);
    }

    /** How many examples so many batches have. */
    long examples(int batches) {
        return (long) batch * batches;
    }

    /** How many examples all rounds have. */
    long examples() {
        return rounds.isEmpty() ? 0 : last().start() + examples(last());
    }

    private Round last() {
        return rounds.get(rounds.size() - 1);
    }

    /** The batches of one adapter, in their order. */
    List<List<Example>> batches(int adapter) {
        var batches = new ArrayList<List<Example>>();
        for (Round round : rounds) {
            for (int i = 0; i < round.adapters().length; i++) {
                if (round.adapters()[i] == adapter) {
                    long from = round.start() + (long) i * batch;
                    batches.add(
                            IntStream.range(0, batch).mapToObj(j -> example(from + j)).toList());
                }
            }
        }
        return batches;
    }

    /** An example of the stream. */
    Example example(long index) {
        Round round = last();
        for (int i = rounds.size() - 1; round.start() > index; i--) {
            round = rounds.get(i - 1);
        }
        int adapter = round.adapters()[(int) ((index - round.start()) / batch)];
        Gloss gloss = glosses.get((int) (index % glosses.size()));
        return Example.labelled(id(adapter), gloss.text(), gloss.label())
                .at(1000 * index, "glosses", 0, index);
    }

    /** The id of an adapter. */
    static String id(int adapter) {
        return "tenant-" + adapter;
    }
}
