package io.flinkpeft.example.quickstart;

import io.flinkpeft.example.Machine;
import io.flinkpeft.example.wordnet.GlossStream;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.method.HeadOnly;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.TrainerConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run is told.
 *
 * @param model the base model
 * @param examples the length of the stream
 * @param firstLayer the lowest encoder layer with LoRA, from 0: the backward pass stops there
 * @param layers how many encoder layers the base has
 */
record Settings(String model, int examples, int firstLayer, int layers) {

    /** The adapter's id, which every record of the stream names. */
    static final String ADAPTER = "wordnet";

    /** Of the order of the stream, and of the adapter's first values. */
    static final long SEED = 7;

    private static final int RANK = 8;
    private static final double ALPHA = 8;
    private static final int BATCH = 32;
    private static final int PUBLISH_EVERY = 5;

    private static final OptimizerConfig LORA_OPTIMIZER =
            new OptimizerConfig(1e-3, 2e-3, 0.01, 0.5, 0.999, 1e-8, 5);
    // the best of the settings tried for it: the baseline is not to be a weak one
    private static final OptimizerConfig HEAD_OPTIMIZER =
            new OptimizerConfig(1e-3, 2e-3, 0, 0.5, 0.999, 1e-8, 10);

    int maxTokens() {
        return 16;
    }

    String dtype() {
        return "fp32";
    }

    /** How often versions get visible: a version is published by the checkpoint after it. */
    Duration checkpointInterval() {
        return Duration.ofSeconds(2);
    }

    /** How many glosses may be in the topic that were not trained on and predicted yet. */
    int maxAhead() {
        return 4 * BATCH;
    }

    TrainingSettings lora() {
        Integer[] adapted = new Integer[layers - firstLayer];
        for (int i = 0; i < adapted.length; i++) {
            adapted[i] = firstLayer + i;
        }
        var targets =
                TargetModules.named("query", "key", "value", "intermediate.dense", "output.dense")
                        .inLayers(adapted);
        var method = new LoraConfig(RANK, ALPHA).withTargets(targets);
        return training(method, LORA_OPTIMIZER).publishingEvery(PUBLISH_EVERY);
    }

    TrainingSettings headOnly() {
        return training(new HeadOnly(), HEAD_OPTIMIZER).publishingEvery(Integer.MAX_VALUE);
    }

    /** In words, for the report. */
    Map<String, String> described(CpuTimes cpu) {
        var words = new LinkedHashMap<String, String>();
        words.put("Base model", model + ", frozen, " + dtype());
        words.put(
                "LoRA",
                String.format(
                        Locale.ROOT,
                        "rank %d, alpha %.0f, all linear layers of encoder layers %d to %d of %d",
                        RANK,
                        ALPHA,
                        firstLayer + 1,
                        layers,
                        layers));
        words.put("Optimizer of LoRA and its head", described(LORA_OPTIMIZER));
        words.put("Optimizer of the head alone", described(HEAD_OPTIMIZER));
        words.put("Batch", BATCH + " glosses of at most " + maxTokens() + " tokens; one pass");
        words.put(
                "Versions",
                "every "
                        + PUBLISH_EVERY
                        + " steps, a checkpoint every "
                        + checkpointInterval().toMillis()
                        + " ms");
        words.put("Order", GlossStream.class.getSimpleName() + " with seed " + SEED);
        words.put("Machine", Machine.describe());
        words.put("Processor time", cpu.described());
        return words;
    }

    private static String described(OptimizerConfig adamw) {
        return String.format(
                Locale.ROOT,
                "AdamW, rate %s and %s for the head, beta1 %s, decay %s, gradient clipped to norm"
                        + " %s",
                adamw.learningRate(),
                adamw.headLearningRate(),
                adamw.beta1(),
                adamw.weightDecay(),
                adamw.clipNorm());
    }

    private TrainingSettings training(PeftConfig method, OptimizerConfig optimizer) {
        var trainer =
                new TrainerConfig(
                        model,
                        method,
                        new StreamTask(),
                        List.of(),
                        64,
                        maxTokens(),
                        optimizer,
                        "cpu",
                        dtype(),
                        SEED);
        return TrainingSettings.of(trainer).with(Batching.DEFAULT.withSize(BATCH));
    }
}
