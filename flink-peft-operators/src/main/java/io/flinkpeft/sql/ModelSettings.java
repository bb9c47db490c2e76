package io.flinkpeft.sql;

import io.flinkpeft.predict.Fallback;
import io.flinkpeft.predict.MicroBatcher;
import io.flinkpeft.predict.ServingConfig;
import io.flinkpeft.predict.VersionKinds;
import io.flinkpeft.predict.VersionsConfig;
import io.flinkpeft.task.Purpose;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.configuration.ReadableConfig;

/**
 * The options of a model or of the module, checked.
 *
 * @param serving what is served; shared by all with the same
 * @param bootstrapTimeout how long the first versions may take
 * @param adapter predicts where the input has no adapter; null if there is none
 * @param fallback what happens without an adapter
 * @param batchSize the most rows of a micro-batch, at least 1
 * @param batchDelay the longest that a row waits for others, at least 0
 */
record ModelSettings(
        ServingConfig serving,
        Duration bootstrapTimeout,
        String adapter,
        Fallback fallback,
        int batchSize,
        Duration batchDelay)
        implements Serializable {

    private static final Duration LONGEST = Duration.ofDays(36_525); // clocks count nanoseconds

    ModelSettings {
        require(batchSize >= 1, "batch.size", batchSize, "at least 1");
        require(
                batchSize <= MicroBatcher.MAX_BATCH_SIZE,
                "batch.size",
                batchSize,
                "at most " + MicroBatcher.MAX_BATCH_SIZE);
        require(!batchDelay.isNegative(), "batch.delay", batchDelay, "at least 0");
        require(batchDelay.compareTo(LONGEST) <= 0, "batch.delay", batchDelay, "at most 36525 d");
        require(
                bootstrapTimeout.compareTo(Duration.ofMillis(1)) >= 0,
                "bootstrap.timeout",
                bootstrapTimeout,
                "at least 1 ms");
        require(
                bootstrapTimeout.compareTo(LONGEST) <= 0,
                "bootstrap.timeout",
                bootstrapTimeout,
                "at most 36525 d");
        require(serving.maxTokens() >= 4, "max-tokens", serving.maxTokens(), "at least 4");
        Purpose.of(serving.task());
        if (serving.versions().kind().equals(VersionKinds.NONE)) {
            require(fallback == Fallback.BASE, "fallback", fallback, "base if versions is none");
        }
    }

    /**
     * Reads and checks them; opens nothing.
     *
     * @param options the validated options
     * @param all the same as they were written, with those of the versions' kind
     */
    static ModelSettings of(
            ReadableConfig options, Map<String, String> all, ClassLoader classLoader) {
        String adapter = options.get(FlinkPeftOptions.ADAPTER);
        var versions = versions(options.get(FlinkPeftOptions.VERSIONS), all, adapter);
        VersionKinds.check(versions, classLoader);
        return new ModelSettings(
                new ServingConfig(
                        options.get(FlinkPeftOptions.MODEL),
                        options.get(FlinkPeftOptions.DEVICE),
                        options.get(FlinkPeftOptions.DTYPE),
                        options.get(FlinkPeftOptions.MAX_TOKENS),
                        options.get(FlinkPeftOptions.SPECIAL_TOKENS),
                        options.get(FlinkPeftOptions.TASK).toLowerCase(Locale.ROOT),
                        options.get(FlinkPeftOptions.MAX_NEW_TOKENS),
                        options.get(FlinkPeftOptions.ADAPTERS_MEMORY).getBytes(),
                        versions),
                options.get(FlinkPeftOptions.BOOTSTRAP_TIMEOUT),
                adapter,
                options.get(FlinkPeftOptions.FALLBACK),
                options.get(FlinkPeftOptions.BATCH_SIZE),
                options.get(FlinkPeftOptions.BATCH_DELAY));
    }

    /** These settings for another task. */
    ModelSettings with(String task) {
        return new ModelSettings(
                serving.with(task), bootstrapTimeout, adapter, fallback, batchSize, batchDelay);
    }

    /** These settings with what one query sets otherwise. */
    ModelSettings with(ReadableConfig query) {
        return new ModelSettings(
                serving,
                bootstrapTimeout,
                query.getOptional(FlinkPeftOptions.ADAPTER).orElse(adapter),
                query.getOptional(FlinkPeftOptions.FALLBACK).orElse(fallback),
                query.getOptional(FlinkPeftOptions.BATCH_SIZE).orElse(batchSize),
                query.getOptional(FlinkPeftOptions.BATCH_DELAY).orElse(batchDelay));
    }

    /**
     * Checks that a batch closes before Flink gives its rows up. At the end of a bounded query a
     * batch that is not full waits for the delay, as Flink does not tell the function of it.
     *
     * @param timeout how long Flink waits for a row
     */
    void checkDelay(Duration timeout) {
        require(
                batchDelay.compareTo(timeout) < 0,
                "batch.delay",
                batchDelay,
                "less than timeout ("
                        + timeout
                        + ") of ML_PREDICT, or a row waits for its batch until the query fails");
    }

    private static VersionsConfig versions(String kind, Map<String, String> all, String adapter) {
        var options = new HashMap<String, String>();
        all.forEach(
                (key, value) -> {
                    if (key.startsWith(FlinkPeftOptions.VERSIONS_PREFIX)) {
                        options.put(
                                key.substring(FlinkPeftOptions.VERSIONS_PREFIX.length()), value);
                    }
                });
        if (kind.equals(VersionKinds.DIRECTORY) && adapter != null) {
            options.putIfAbsent(VersionKinds.ADAPTER, adapter);
        }
        return new VersionsConfig(kind, options);
    }

    private static void require(boolean holds, String key, Object value, String what) {
        if (!holds) {
            throw new IllegalArgumentException(key + " (" + value + ") must be " + what + ".");
        }
    }
}
