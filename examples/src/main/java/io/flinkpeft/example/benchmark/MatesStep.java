package io.flinkpeft.example.benchmark;

import io.flinkpeft.event.Example;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.TrainerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Joint steps of several adapters, a case a line: adapters, texts of each, words of each text (0:
 * glosses of their own lengths), steps to warm up, steps to measure. The answer is the median of
 * the milliseconds and the sum of the losses of the last step. What kernels it runs is decided by
 * the class path.
 */
final class MatesStep {

    private static final long SEED = 7;
    private static final int LABELS = 8;

    private final OnlineTrainer trainer;
    private final List<String> glosses;

    private MatesStep(OnlineTrainer trainer, List<String> glosses) {
        this.trainer = trainer;
        this.glosses = glosses;
    }

    public static void main(String[] args) throws IOException {
        var method = new LoraConfig(8, 16).withTargets(TargetModules.named("query", "value"));
        var config = TrainerConfig.of(args[0], method).withDtype("fp32");
        try (var trainer = OnlineTrainer.open(config);
                var cases =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            var step = new MatesStep(trainer, Files.readAllLines(Path.of(args[1])));
            cases.lines()
                    .map(line -> Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt))
                    .forEach(numbers -> System.out.println(step.run(numbers.toArray())));
        }
    }

    private String run(int[] numbers) {
        int warmup = numbers[3];
        double[] millis = new double[numbers[4]];
        double loss = 0;
        var adapters = new ArrayList<LiveAdapter>();
        for (int i = 0; i < numbers[0]; i++) {
            adapters.add(trainer.create("adapter-" + i));
        }
        for (int i = -warmup; i < millis.length; i++) {
            var batches = batches(adapters, numbers[1], numbers[2], i + warmup);
            long start = System.nanoTime();
            List<BatchOutcome> outcomes = trainer.step(batches);
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
            loss = 0;
            for (int a = 0; a < adapters.size(); a++) {
                adapters.set(a, outcomes.get(a).after()).close();
                loss += outcomes.get(a).loss();
            }
        }
        adapters.forEach(LiveAdapter::close);
        Arrays.sort(millis);
        return millis[millis.length / 2] + " " + loss;
    }

    private List<Batch> batches(List<LiveAdapter> adapters, int texts, int words, int step) {
        var random = new Random(SEED + step);
        var batches = new ArrayList<Batch>();
        for (LiveAdapter adapter : adapters) {
            var examples = new ArrayList<Example>();
            for (int i = 0; i < texts; i++) {
                String gloss = glosses.get(random.nextInt(glosses.size()));
                String text = words == 0 ? gloss : "word ".repeat(words);
                String label = "label " + random.nextInt(LABELS);
                examples.add(Example.labelled(adapter.adapterId(), text, label));
            }
            batches.add(new Batch(adapter, examples, List.of()));
        }
        return batches;
    }
}
