package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The memory of a process that trains or predicts does not grow. It is a process of its own, whose
 * heap is as large from the start as it may become: what grows is outside of it.
 */
@Tag("nightly")
class MemoryITCase {

    private static final int STEPS = 20_000;
    private static final int WARM_UP = 2_000;

    /** A leak of 1 kB a step would make 18,000. */
    private static final int MAX_GROWTH_KB = 3_000;

    private static final String RESIDENT = "VmRSS:";

    @ParameterizedTest
    @ValueSource(classes = {Training.class, Predicting.class})
    void staysAsItIsAfterTheWarmUp(Class<?> work) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xms64m",
                                "-Xmx64m",
                                "-XX:+AlwaysPreTouch",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                work.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        List<Integer> kilobytes = new ArrayList<>();
        try (var lines = process.inputReader()) {
            lines.lines()
                    .filter(line -> line.startsWith(RESIDENT))
                    .map(MemoryITCase::number)
                    .forEach(kilobytes::add);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).isZero();
        assertThat(kilobytes).hasSize((STEPS - WARM_UP) / 1_000 + 1);
        assertThat(kilobytes.get(kilobytes.size() - 1) - kilobytes.get(0))
                .as("growth of %s in kB", kilobytes)
                .isLessThan(MAX_GROWTH_KB);
    }

    /** Steps with batches of all lengths. */
    static final class Training {
        public static void main(String[] args) throws IOException {
            List<Example> examples = TinyModels.examples("a");
            try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
                LiveAdapter[] adapter = {trainer.create("a")};
                measure(
                        step -> {
                            LiveAdapter before = adapter[0];
                            var batch = new Batch(before, window(examples, step), List.of());
                            adapter[0] = trainer.step(List.of(batch)).get(0).after();
                            before.close();
                            return adapter[0].step() == step;
                        });
            }
        }
    }

    /** Predictions, with a new version every tenth time. */
    static final class Predicting {
        public static void main(String[] args) throws IOException {
            List<Example> examples = TinyModels.examples("a");
            try (OnlineTrainer trainer = OnlineTrainer.open(config());
                    ModelPredictor predictor =
                            ModelPredictor.open(TinyModels.bert().toString(), "cpu", "fp32", 128)) {
                var batch = new Batch(trainer.create("a"), examples, List.of());
                var version = trainer.version(trainer.step(List.of(batch)).get(0).after());
                ServingAdapter[] serving = {predictor.load(version)};
                measure(
                        step -> {
                            if (step % 10 == 0) {
                                serving[0].close();
                                serving[0] = predictor.load(version);
                            }
                            var requests =
                                    window(examples, step).stream()
                                            .map(e -> request(serving[0], e))
                                            .toList();
                            return Predicted.labels(predictor, requests).size() == requests.size();
                        });
            }
        }

        private static Request<ServingAdapter> request(ServingAdapter adapter, Example example) {
            return new Request<ServingAdapter>(adapter, example.text(), example.textPair());
        }
    }

    private static TrainerConfig config() {
        return TrainerConfig.of(TinyModels.bert().toString(), TinyModels.loraOnAllLinears(4, 8));
    }

    /** Of other texts at every step. */
    private static List<Example> window(List<Example> examples, long step) {
        int from = (int) (step * 5 % (examples.size() - 8));
        return examples.subList(from, from + 8);
    }

    private static void measure(LongPredicate work) throws IOException {
        for (int step = 1; step <= STEPS; step++) {
            if (!work.test(step)) {
                throw new IllegalStateException("Step " + step + " was not taken.");
            }
            if (step >= WARM_UP && step % 1_000 == 0) {
                System.gc(); // what waits for it is not lost
                System.out.println(resident());
            }
        }
    }

    private static String resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(RESIDENT))
                .findFirst()
                .orElseThrow();
    }

    private static Integer number(String line) {
        return Integer.valueOf(line.replaceAll("\\D", ""));
    }
}
