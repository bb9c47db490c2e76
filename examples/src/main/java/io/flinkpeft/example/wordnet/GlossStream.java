package io.flinkpeft.example.wordnet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Glosses in an order with drift: one {@link Phase} after the other, each with classes that no
 * phase before it had.
 *
 * <p>Phases are equally long. Within one, classes are as equally large as WordNet allows, and their
 * glosses are mixed. The same glosses, length and seed give the same stream.
 *
 * @param glosses in the order of the stream
 * @param starts where each phase begins
 */
public record GlossStream(List<Gloss> glosses, List<Integer> starts) {

    /** Longer definitions are left out: the run must end in minutes on two cores. */
    static final int MAX_WORDS = 5;

    public GlossStream {
        glosses = List.copyOf(glosses);
        starts = List.copyOf(starts);
    }

    /**
     * Orders glosses.
     *
     * @param all the glosses to choose from, of which the short ones are taken
     * @param length how many to take; the last phase takes what does not divide
     * @param seed of choice and order
     * @throws IllegalArgumentException if there are too few for that length
     */
    public static GlossStream of(List<Gloss> all, int length, long seed) {
        var random = new Random(seed);
        Map<String, List<Gloss>> byLabel = new HashMap<>();
        all.stream()
                .filter(g -> g.words() <= MAX_WORDS)
                .forEach(g -> byLabel.computeIfAbsent(g.label(), key -> new ArrayList<>()).add(g));
        var glosses = new ArrayList<Gloss>();
        var starts = new ArrayList<Integer>();
        for (int i = 0; i < Phase.ALL.size(); i++) {
            starts.add(glosses.size());
            int rest = length - glosses.size();
            int phases = Phase.ALL.size() - i;
            glosses.addAll(phase(Phase.ALL.get(i), byLabel, rest / phases, random));
        }
        return new GlossStream(glosses, starts);
    }

    /** One gloss of each class in turn; a class that is used up leaves its turn to the others. */
    private static List<Gloss> phase(
            Phase phase, Map<String, List<Gloss>> byLabel, int length, Random random) {
        var classes = new ArrayList<List<Gloss>>();
        for (String label : phase.labels()) {
            var own = new ArrayList<>(byLabel.getOrDefault(label, List.of()));
            Collections.shuffle(own, random);
            classes.add(own);
        }
        var chosen = new ArrayList<Gloss>();
        for (int i = 0; chosen.size() < length; i++) {
            int turn = i;
            int before = chosen.size();
            classes.stream()
                    .filter(own -> turn < own.size())
                    .limit(length - before)
                    .forEach(own -> chosen.add(own.get(turn)));
            if (chosen.size() == before) {
                throw new IllegalArgumentException(
                        "Phase "
                                + phase.title()
                                + " has "
                                + before
                                + " glosses, must have "
                                + length
                                + ". Maybe use a shorter stream.");
            }
        }
        Collections.shuffle(chosen, random);
        return chosen;
    }

    /** How many glosses it has. */
    public int size() {
        return glosses.size();
    }

    /** Where a phase ends. */
    public int end(int phase) {
        return phase + 1 < starts.size() ? starts.get(phase + 1) : size();
    }
}
