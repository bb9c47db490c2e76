package io.flinkpeft.flink.config;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.train.MethodRule;
import io.flinkpeft.train.TrainerConfig;
import java.io.Serializable;
import java.time.Duration;

/**
 * All that the trainer operator is told when a job is built. The smallest:
 *
 * <pre>{@code
 * TrainingSettings.of("minilm", LoraConfig.DEFAULT)
 * }</pre>
 *
 * @param trainer base model, method, head and optimizer
 * @param batching how examples become batches and steps
 * @param publishEverySteps an adapter's version is cut when its step count is a multiple, and at
 *     the end of input, counted from where it began, at least 1; default 20
 * @param publishMinExamples none is cut before the adapter learnt from so many examples since it
 *     began, at least 1; default 1
 * @param replay training again on earlier examples; default off
 * @param cache how many adapters stay on the device
 * @param order in which order adapters learn; default arrival
 * @param ttl after how long without events, in event time, an adapter ends; zero, the default: it
 *     never does
 * @param methods which methods of their own adapters may have; default any of a fair size
 */
public record TrainingSettings(
        TrainerConfig trainer,
        Batching batching,
        int publishEverySteps,
        int publishMinExamples,
        Replay replay,
        HotCache cache,
        EventOrder order,
        Duration ttl,
        MethodRule methods)
        implements Serializable {

    static final int PUBLISH_EVERY_STEPS = 20;
    static final int PUBLISH_MIN_EXAMPLES = 1;
    static final Duration NO_TTL = Duration.ZERO;

    public TrainingSettings {
        Checks.atLeast(1, "publish.every-steps", publishEverySteps);
        Checks.atLeast(1, "publish.min-examples", publishMinExamples);
        Durations.check("adapters.ttl", ttl, Durations.OF_EVENTS);
    }

    /** Every default. */
    public static TrainingSettings of(String model, PeftConfig method) {
        return of(TrainerConfig.of(model, method));
    }

    /** Every default of the operator. */
    public static TrainingSettings of(TrainerConfig trainer) {
        return new TrainingSettings(
                trainer,
                Batching.DEFAULT,
                PUBLISH_EVERY_STEPS,
                PUBLISH_MIN_EXAMPLES,
                Replay.OFF,
                HotCache.DEFAULT,
                EventOrder.ARRIVAL,
                NO_TTL,
                MethodRule.DEFAULT);
    }

    /** These settings with another batching. */
    public TrainingSettings with(Batching batching) {
        return new TrainingSettings(
                trainer,
                batching,
                publishEverySteps,
                publishMinExamples,
                replay,
                cache,
                order,
                ttl,
                methods);
    }

    /** These settings with another replay. */
    public TrainingSettings with(Replay replay) {
        return new TrainingSettings(
                trainer,
                batching,
                publishEverySteps,
                publishMinExamples,
                replay,
                cache,
                order,
                ttl,
                methods);
    }

    /** These settings with another cache. */
    public TrainingSettings with(HotCache cache) {
        return new TrainingSettings(
                trainer,
                batching,
                publishEverySteps,
                publishMinExamples,
                replay,
                cache,
                order,
                ttl,
                methods);
    }

    /** These settings with another order of events. */
    public TrainingSettings with(EventOrder order) {
        return new TrainingSettings(
                trainer,
                batching,
                publishEverySteps,
                publishMinExamples,
                replay,
                cache,
                order,
                ttl,
                methods);
    }

    /** These settings with versions cut at other steps. */
    public TrainingSettings publishingEvery(int steps) {
        return publishing(steps, publishMinExamples);
    }

    /** These settings with versions cut at other steps, and not before so many examples. */
    public TrainingSettings publishing(int everySteps, int minExamples) {
        return new TrainingSettings(
                trainer, batching, everySteps, minExamples, replay, cache, order, ttl, methods);
    }

    /** These settings with another rule for methods that adapters are given. */
    public TrainingSettings with(MethodRule methods) {
        return new TrainingSettings(
                trainer,
                batching,
                publishEverySteps,
                publishMinExamples,
                replay,
                cache,
                order,
                ttl,
                methods);
    }

    /** These settings with adapters that end when they are idle. */
    public TrainingSettings withTtl(Duration ttl) {
        return new TrainingSettings(
                trainer,
                batching,
                publishEverySteps,
                publishMinExamples,
                replay,
                cache,
                order,
                ttl,
                methods);
    }
}
