package io.flinkpeft.example.benchmark;

import io.flinkpeft.example.benchmark.PeftPeer.Variant;
import io.flinkpeft.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Question: how long is one LoRA training step, ours against Hugging Face PEFT's, on the same
 * MiniLM, the same batch and one thread each? Both run in turns, so that what else the machine does
 * hits both; PEFT's fastest of fp32, bf16 weights and autocast with sdpa and eager attention
 * counts.
 *
 * <pre>{@code
 * examples/benchmarks/run.sh PYTHON
 * }</pre>
 *
 * <p>The result goes to {@code docs/benchmarks.md}.
 */
public final class StepBenchmark {

    static final int LABELS = 45;

    private static final int ROUNDS = 4;
    private static final int ITERATIONS = 3;
    // a variant this much slower than PEFT's best in the first round has no further rounds
    private static final double SLOWER = 1.5;
    // and one this much slower is not run on larger shapes: bf16 where the CPU has none
    private static final double HOPELESS = 4;

    private static final List<Variant> VARIANTS =
            List.of(
                    new Variant("fp32", "sdpa"),
                    new Variant("fp32", "eager"),
                    new Variant("autocast", "sdpa"),
                    new Variant("autocast", "eager"),
                    new Variant("bf16", "sdpa"),
                    new Variant("bf16", "eager"));

    private StepBenchmark() {}

    /**
     * Prints the table.
     *
     * @param args the Python with PEFT, the peer's script, a file of texts
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException(
                    "Arguments " + Arrays.toString(args) + " must be PYTHON PEER.py TEXTS.txt.");
        }
        Path model = ModelLocator.locate(ModelLocator.MINI_LM);
        Path texts = Path.of(args[2]);
        System.out.println("| targets | batch | ours, ms | PEFT, ms | PEFT's best | ratio |");
        System.out.println("|---|---|---|---|---|---|");
        try (PeftPeer peer = new PeftPeer(args[0], Path.of(args[1]), model, texts)) {
            for (String targets : List.of("query+value", "all-linear")) {
                List<Variant> variants = new ArrayList<>(VARIANTS);
                try (OwnStep own = new OwnStep(model, targets, Files.readAllLines(texts))) {
                    for (Shape shape : Shape.TABLE) {
                        System.out.println(row(own, peer, targets, shape, variants));
                    }
                }
            }
        }
    }

    private static String row(
            OwnStep own, PeftPeer peer, String targets, Shape shape, List<Variant> hopeful)
            throws IOException {
        List<Double> ours = new ArrayList<>();
        List<Variant> variants = new ArrayList<>(hopeful);
        double[][] theirs = new double[VARIANTS.size()][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            for (double millis : own.run(shape, 1, ITERATIONS)) {
                ours.add(millis);
            }
            for (Variant variant : variants) {
                theirs[VARIANTS.indexOf(variant)][round] =
                        peer.median(shape, targets, variant, 1, round == 0 ? 1 : ITERATIONS);
            }
            if (round == 0) {
                double best =
                        variants.stream()
                                .mapToDouble(v -> theirs[VARIANTS.indexOf(v)][0])
                                .min()
                                .orElseThrow();
                hopeful.removeIf(v -> theirs[VARIANTS.indexOf(v)][0] > HOPELESS * best);
                variants.removeIf(v -> theirs[VARIANTS.indexOf(v)][0] > SLOWER * best);
            }
        }
        double own50 = median(ours.stream().mapToDouble(Double::doubleValue).toArray());
        Variant best = variants.get(0);
        for (Variant variant : variants) {
            if (median(theirs, variant) < median(theirs, best)) {
                best = variant;
            }
        }
        return String.format(
                "| %s | %s | %.1f (%s) | %.1f | %s, %s | %.2f |",
                targets,
                shape,
                own50,
                own.dtype(),
                median(theirs, best),
                best.dtype(),
                best.attention(),
                median(theirs, best) / own50);
    }

    private static double median(double[][] theirs, Variant variant) {
        double[] rounds = theirs[VARIANTS.indexOf(variant)];
        // the first round was the warm-up
        return median(Arrays.copyOfRange(rounds, 1, rounds.length));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
