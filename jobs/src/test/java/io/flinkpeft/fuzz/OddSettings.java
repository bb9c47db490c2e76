package io.flinkpeft.fuzz;

import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.DeviceCache;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.flink.config.Replay;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.testing.TinyModels;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.TrainerConfig;
import java.time.Duration;

/** Settings of a job that are allowed, and seldom taken. */
final class OddSettings {

    private OddSettings() {}

    static TrainingSettings of(long seed) {
        var chance = new Chance(~seed);
        PeftConfig method =
                chance.of(
                        new LoraConfig(2, 4),
                        TinyModels.loraOnAllLinears(2, 4),
                        Ia3Config.DEFAULT,
                        new PromptTuningConfig(2),
                        new PrefixTuningConfig(2));
        var trainer =
                TrainerConfig.of(TinyModels.bert().toString(), method)
                        .withDtype("fp32")
                        .withMaxTokens(chance.of(8, 16, 64))
                        .withMaxLabels(chance.of(4, 6, 32))
                        .withOptimizer(
                                new OptimizerConfig(
                                        chance.of(1e-4, 1e-2), 2e-2, 0.01, 0.9, 0.999, 1e-8, 1.0));
        int batch = chance.of(1, 3, 8, 16);
        int adapters = batch == 1 && !chance.oneIn(20) ? 32 : chance.of(1, 4, 32); // or it is slow
        return TrainingSettings.of(trainer)
                .with(
                        Batching.DEFAULT
                                .withSize(batch)
                                .withStep(adapters, 256)
                                .withMaxBuffered(chance.of(16, 4096)))
                .with(new DeviceCache(chance.of(1, 3, 256), 1L << 30, 1L << 20))
                .with(chance.oneIn(2) ? Replay.OFF : new Replay(8, 2))
                .publishingEvery(chance.of(2, 5))
                .withTtl(chance.oneIn(3) ? Duration.ofMinutes(2) : Duration.ZERO)
                .with(chance.oneIn(3) ? eventTime(chance) : EventOrder.ARRIVAL);
    }

    private static EventOrder eventTime(Chance chance) {
        return EventOrder.EVENT_TIME
                .withOutOfOrderness(Duration.ofSeconds(chance.of(0, 5, 20)))
                .withLabelWait(Duration.ofSeconds(chance.of(0, 10, 60)))
                .withIdHorizon(Duration.ofSeconds(chance.of(0, 30, 3600)));
    }
}
