package io.flinkpeft.example.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.example.benchmark.PeftPeer.Variant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ours and PEFT's in turns on the same batch, so that what else the machine does hits both. PEFT's
 * fastest variant counts.
 */
final class Comparison {

    /**
     * How much is measured.
     *
     * @param rounds in turns; PEFT's first is its warm-up
     * @param warmup steps of each round that do not count; of the first at least one
     * @param iterations steps of each round that count
     * @param slower a variant slower than the first round's best by more than this factor has no
     *     further rounds; 1 keeps the best alone
     */
    record Effort(int rounds, int warmup, int iterations, double slower) {}

    /**
     * What came of it.
     *
     * @param ours median milliseconds of a step
     * @param theirs PEFT's
     * @param best the variant that was PEFT's fastest
     */
    record Result(double ours, double theirs, Variant best) {

        double ratio() {
            return theirs / ours;
        }
    }

    private static final List<Variant> VARIANTS =
            List.of(
                    new Variant("fp32", "sdpa"),
                    new Variant("fp32", "eager"),
                    new Variant("autocast", "sdpa"),
                    new Variant("autocast", "eager"),
                    new Variant("bf16", "sdpa"),
                    new Variant("bf16", "eager"));

    // a variant this much slower is not run any more: bf16 where the CPU has none
    private static final double HOPELESS = 4;

    private final PeftPeer peer;
    private final Effort effort;
    private final List<Variant> hopeful = new ArrayList<>(VARIANTS);

    Comparison(PeftPeer peer, Effort effort) {
        this.peer = peer;
        this.effort = effort;
    }

    /** Leaves out what is much slower for this method on a batch, in all that follows. */
    void narrow(ObjectNode method, Shape shape) throws IOException {
        Map<Variant, Double> first = new HashMap<>();
        for (Variant variant : hopeful) {
            first.put(variant, peer.median(shape, method, variant, 1, 1));
        }
        drop(first);
    }

    private void drop(Map<Variant, Double> first) {
        double limit = HOPELESS * min(first);
        hopeful.removeIf(variant -> first.get(variant) > limit);
    }

    /** Both in turns. */
    Result compare(OwnStep own, ObjectNode method, Shape shape) throws IOException {
        List<Double> ours = new ArrayList<>();
        List<Variant> variants = new ArrayList<>(hopeful);
        Map<Variant, Double> first = new HashMap<>();
        Map<Variant, List<Double>> theirs = new HashMap<>();
        for (int round = 0; round < effort.rounds; round++) {
            ours.addAll(round(own, shape, round));
            for (Variant variant : variants) {
                if (round == 0) {
                    first.put(variant, peer.median(shape, method, variant, 1, 1));
                } else {
                    theirs.computeIfAbsent(variant, key -> new ArrayList<>())
                            .add(
                                    peer.median(
                                            shape,
                                            method,
                                            variant,
                                            effort.warmup,
                                            effort.iterations));
                }
            }
            if (round == 0) {
                drop(first);
                double limit = effort.slower * min(first);
                variants.removeIf(variant -> first.get(variant) > limit);
            }
        }
        Variant best =
                variants.stream()
                        .min(Comparator.comparingDouble(variant -> median(theirs.get(variant))))
                        .orElseThrow();
        return new Result(median(ours), median(theirs.get(best)), best);
    }

    /** Ours alone. */
    double alone(OwnStep own, Shape shape) {
        List<Double> ours = new ArrayList<>();
        for (int round = 0; round < effort.rounds; round++) {
            ours.addAll(round(own, shape, round));
        }
        return median(ours);
    }

    private List<Double> round(OwnStep own, Shape shape, int round) {
        int warmup = round == 0 ? Math.max(1, effort.warmup) : effort.warmup;
        return Arrays.stream(own.run(shape, warmup, effort.iterations)).boxed().toList();
    }

    private static double min(Map<Variant, Double> times) {
        return times.values().stream().min(Comparator.naturalOrder()).orElseThrow();
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
