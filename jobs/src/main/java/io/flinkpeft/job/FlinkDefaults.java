package io.flinkpeft.job;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;

/** What a training job sets in Flink where its user set nothing. */
final class FlinkDefaults {

    private FlinkDefaults() {}

    /** The settings that the user's configuration lacks. */
    static Configuration missingIn(ReadableConfig user) {
        var defaults = new Configuration();
        // a version is visible when its checkpoint is complete
        add(defaults, user, CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        // a queue of examples behind a slow step does not hold up a checkpoint
        add(defaults, user, CheckpointingOptions.ENABLE_UNALIGNED, true);
        add(defaults, user, CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT, Duration.ofSeconds(5));
        // what was learnt outlives a job that is cancelled
        add(
                defaults,
                user,
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        // it cannot be changed later
        add(defaults, user, PipelineOptions.MAX_PARALLELISM, 1024);
        return defaults;
    }

    private static <T> void add(
            Configuration defaults, ReadableConfig user, ConfigOption<T> option, T value) {
        if (user.getOptional(option).isEmpty()) {
            defaults.set(option, value);
        }
    }
}
