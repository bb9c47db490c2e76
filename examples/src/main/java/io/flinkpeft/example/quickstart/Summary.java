package io.flinkpeft.example.quickstart;

import io.flinkpeft.example.wordnet.GlossStream;
import io.flinkpeft.example.wordnet.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run showed, phase by phase.
 *
 * @param phases one for each phase of the stream, in order
 * @param after how many glosses after a drift point count as just after it
 */
record Summary(List<OfPhase> phases, int after) {

    private static final int AFTER = 1000;

    /**
     * A phase.
     *
     * @param title what it is about
     * @param classes how many classes it brings
     * @param rows one for each learner
     */
    record OfPhase(String title, int classes, List<Row> rows) {

        Row row(Learner learner) {
            return rows.get(learner.ordinal());
        }

        /** Whether LoRA was ahead of the head alone, just after the drift and in the whole. */
        boolean ahead() {
            Row lora = row(Learner.LORA);
            Row head = row(Learner.HEAD_ONLY);
            return lora.justAfter > head.justAfter && lora.whole > head.whole;
        }
    }

    /**
     * How well a learner did in a phase.
     *
     * @param learner who
     * @param justAfter accuracy in its first glosses, 0 to 1
     * @param whole accuracy in all of it, 0 to 1
     */
    record Row(Learner learner, double justAfter, double whole) {

        /** Both in percent. */
        @Override
        public String toString() {
            return percent(justAfter) + " / " + percent(whole);
        }
    }

    Summary {
        phases = List.copyOf(phases);
    }

    static Summary of(Observations seen) {
        GlossStream stream = seen.stream();
        var phases = new ArrayList<OfPhase>();
        int after = Math.min(AFTER, stream.size() / Phase.ALL.size());
        for (int i = 0; i < Phase.ALL.size(); i++) {
            int from = stream.starts().get(i);
            int to = stream.end(i);
            var rows = new ArrayList<Row>();
            for (Learner learner : Learner.values()) {
                rows.add(
                        new Row(
                                learner,
                                seen.accuracy(learner, from, from + after),
                                seen.accuracy(learner, from, to)));
            }
            Phase phase = Phase.ALL.get(i);
            phases.add(new OfPhase(phase.title(), phase.labels().size(), rows));
        }
        return new Summary(phases, after);
    }

    /** The phases after a drift point in which LoRA was not ahead of the head alone. */
    List<String> behind() {
        return phases.stream().skip(1).filter(phase -> !phase.ahead()).map(OfPhase::title).toList();
    }

    String verdict() {
        return behind().isEmpty()
                ? "LoRA was ahead of the head alone after each of the "
                        + (phases.size() - 1)
                        + " drift points."
                : "LoRA was not ahead of the head alone after every drift point: not in "
                        + String.join(", ", behind())
                        + ".";
    }

    /** A table: a row a phase, a column a learner. */
    List<List<String>> table() {
        var rows = new ArrayList<List<String>>();
        var head = new ArrayList<>(List.of("Phase", "New classes"));
        for (Learner learner : Learner.values()) {
            head.add(learner.title());
        }
        rows.add(head);
        for (OfPhase phase : phases) {
            var row = new ArrayList<>(List.of(phase.title, Integer.toString(phase.classes)));
            for (Row value : phase.rows) {
                row.add(value.toString());
            }
            rows.add(row);
        }
        return rows;
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
