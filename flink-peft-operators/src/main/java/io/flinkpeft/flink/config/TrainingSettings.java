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
 * @param publication when an adapter's version is cut; default {@link EverySteps#DEFAULT}
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
        PublicationPolicy publication,
        Replay replay,
        DeviceCache cache,
        EventOrder order,
        Duration ttl,
        MethodRule methods)
        implements Serializable {

    static final Duration NO_TTL = Duration.ZERO;

    public TrainingSettings {
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
                EverySteps.DEFAULT,
                Replay.OFF,
                DeviceCache.DEFAULT,
                EventOrder.ARRIVAL,
                NO_TTL,
                MethodRule.DEFAULT);
    }

    /** These settings with another batching. */
    public TrainingSettings with(Batching batching) {
        return new TrainingSettings(
                trainer, batching, publication, replay, cache, order, ttl, methods);
    }

    /** These settings with another replay. */
    public TrainingSettings with(Replay replay) {
        return new TrainingSettings(
                trainer, batching, publication, replay, cache, order, ttl, methods);
    }

    /** These settings with another cache. */
    public TrainingSettings with(DeviceCache cache) {
        return new TrainingSettings(
                trainer, batching, publication, replay, cache, order, ttl, methods);
    }

    /** These settings with another order of events. */
    public TrainingSettings with(EventOrder order) {
        return new TrainingSettings(
                trainer, batching, publication, replay, cache, order, ttl, methods);
    }

    /** These settings with another policy of publication. */
    public TrainingSettings with(PublicationPolicy publication) {
        return new TrainingSettings(
                trainer, batching, publication, replay, cache, order, ttl, methods);
    }

    /** These settings with versions cut every so many steps. */
    public TrainingSettings publishingEvery(int steps) {
        return publishing(steps, EverySteps.DEFAULT.minExamples());
    }

    /** These settings with versions cut every so many steps, and not before so many examples. */
    public TrainingSettings publishing(int everySteps, int minExamples) {
        return with(new EverySteps(everySteps, minExamples));
    }

    /** These settings with another rule for methods that adapters are given. */
    public TrainingSettings with(MethodRule methods) {
        return new TrainingSettings(
                trainer, batching, publication, replay, cache, order, ttl, methods);
    }

    /** These settings with adapters that end when they are idle. */
    public TrainingSettings withTtl(Duration ttl) {
        return new TrainingSettings(
                trainer, batching, publication, replay, cache, order, ttl, methods);
    }
}
