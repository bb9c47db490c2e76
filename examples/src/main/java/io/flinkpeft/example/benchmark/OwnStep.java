package io.flinkpeft.example.benchmark;

import io.flinkpeft.event.Example;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.TrainerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Our training step, as the operator makes it: from texts to the adapter after the step. */
final class OwnStep implements AutoCloseable {

    private static final long SEED = 7;

    // each is one token of MiniLM's vocabulary
    private static final String[] WORDS =
            ("the of and in to was as for with his that on at by from this were are which first"
                            + " after time city new school team area year war home game part form"
                            + " water house line group state world music film book north south")
                    .split(" ");

    private final OnlineTrainer trainer;
    private final List<String> glosses;
    private LiveAdapter adapter;

    OwnStep(Path model, PeftConfig method, List<String> glosses) {
        this.trainer = OnlineTrainer.open(TrainerConfig.of(model.toString(), method));
        this.glosses = glosses;
        this.adapter = trainer.create("benchmark");
    }

    /** The type of the frozen linear layers. */
    String dtype() {
        return trainer.numerics().dtype();
    }

    /** Milliseconds of each step after the warm-up. */
    double[] run(Shape shape, int warmup, int iterations) {
        double[] millis = new double[iterations];
        for (int i = -warmup; i < iterations; i++) {
            List<Example> examples = examples(shape, i + warmup);
            long start = System.nanoTime();
            LiveAdapter after =
                    trainer.step(List.of(new Batch(adapter, examples, List.of()))).get(0).after();
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
            adapter.close();
            adapter = after;
        }
        return millis;
    }

    private List<Example> examples(Shape shape, int batch) {
        Random random = new Random(SEED + batch);
        List<Example> examples = new ArrayList<>();
        for (int row = 0; row < shape.rows(); row++) {
            String text =
                    shape.tokens().isPresent()
                            ? words(shape.tokens().get(), random)
                            : glosses.get((batch * shape.rows() + row) % glosses.size());
            String label = "label " + random.nextInt(StepBenchmark.LABELS);
            examples.add(Example.labelled("benchmark", text, label));
        }
        return examples;
    }

    /** A text of so many tokens, the two special ones included. */
    private static String words(int tokens, Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens - 2; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        return text.toString();
    }

    @Override
    public void close() {
        adapter.close();
        trainer.close();
    }
}
