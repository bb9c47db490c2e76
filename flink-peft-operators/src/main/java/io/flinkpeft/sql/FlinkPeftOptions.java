package io.flinkpeft.sql;

import io.flinkpeft.flink.config.UnusedOptions;
import io.flinkpeft.predict.Fallback;
import io.flinkpeft.predict.VersionKinds;
import io.flinkpeft.task.Generation;
import io.flinkpeft.task.SpecialTokens;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Tasks;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

/** The options of {@code 'provider' = 'flink-peft'} and of the module {@code flink-peft}. */
public final class FlinkPeftOptions {

    /** The provider's and the module's name. */
    public static final String IDENTIFIER = "flink-peft";

    /** What the options of {@link #VERSIONS} begin with. */
    public static final String VERSIONS_PREFIX = "versions.";

    /** The base model. */
    public static final ConfigOption<String> MODEL =
            ConfigOptions.key("model")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The base model: a Hugging Face directory on every TaskManager, or the"
                                    + " name of one on the class path.");

    /** Where versions of adapters come from. */
    public static final ConfigOption<String> VERSIONS =
            ConfigOptions.key("versions")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Where versions of adapters come from: 'kafka' follows a topic,"
                                    + " 'directory' reads PEFT directories once, 'none' predicts"
                                    + " with the base model alone. Options of that kind begin with"
                                    + " 'versions.', such as 'versions.topic' or 'versions.path'.");

    /** The device. */
    public static final ConfigOption<String> DEVICE =
            ConfigOptions.key("device")
                    .stringType()
                    .defaultValue("auto")
                    .withDescription("'cpu', 'gpu:i' or 'auto'.");

    /** The type of the frozen linears. */
    public static final ConfigOption<String> DTYPE =
            ConfigOptions.key("dtype")
                    .stringType()
                    .defaultValue("auto")
                    .withDescription(
                            "Type of the base model's linears: 'fp32', 'bf16' or 'auto', which"
                                    + " takes the faster.");

    /** Where texts are cut. */
    public static final ConfigOption<Integer> MAX_TOKENS =
            ConfigOptions.key("max-tokens")
                    .intType()
                    .defaultValue(2048)
                    .withDescription(
                            "Longer texts are truncated, which the column 'truncated' and a metric"
                                    + " say; at least 4. Never more than the model itself takes.");

    /** What special tokens in texts mean. */
    public static final ConfigOption<SpecialTokens> SPECIAL_TOKENS =
            ConfigOptions.key("text.special-tokens")
                    .enumType(SpecialTokens.class)
                    .defaultValue(SpecialTokens.TOKENS)
                    .withDescription(
                            "What special tokens that are written in texts, such as [SEP], mean:"
                                    + " 'tokens' the token, 'plain' what is written.");

    /** What texts are predicted for. */
    public static final ConfigOption<String> TASK =
            ConfigOptions.key("task")
                    .stringType()
                    .defaultValue(StreamTask.VERB)
                    .withDescription(
                            "What texts are predicted for, one of "
                                    + Tasks.verbs()
                                    + ": 'classify' gives a label, 'generate' what a language model"
                                    + " continues with, 'embed' a vector. Of a model only: a"
                                    + " function of the module says it itself.");

    /** How long what is generated may be. */
    public static final ConfigOption<Integer> MAX_NEW_TOKENS =
            ConfigOptions.key("max-new-tokens")
                    .intType()
                    .defaultValue(64)
                    .withDescription("The most tokens that are generated after a text.");

    /** The adapter of a model whose input has none. */
    public static final ConfigOption<String> ADAPTER =
            ConfigOptions.key("adapter")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The adapter to predict with if the input has no column for it.");

    /** What happens without an adapter. */
    public static final ConfigOption<Fallback> FALLBACK =
            ConfigOptions.key("fallback")
                    .enumType(Fallback.class)
                    .defaultValue(Fallback.ERROR)
                    .withDescription(
                            "What happens to a text whose adapter is null, unknown or has no"
                                    + " version that can serve, or that cannot be predicted with a"
                                    + " finite result: 'error' fails the query, 'null'"
                                    + " gives nulls, 'base' predicts with the base model's own head"
                                    + " and gives null as the adapter that served.");

    /** How long the first versions may take. */
    public static final ConfigOption<Duration> BOOTSTRAP_TIMEOUT =
            ConfigOptions.key("bootstrap.timeout")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(1))
                    .withDescription(
                            "How long the reading of the versions of now may stand still at a"
                                    + " query's start.");

    /** How much of adapters stays on the device. */
    public static final ConfigOption<MemorySize> ADAPTERS_MEMORY =
            ConfigOptions.key("adapters.memory")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(1024))
                    .withDescription(
                            "How much memory loaded adapters may take on the device; the least"
                                    + " recently used are unloaded first.");

    /** The most rows of a micro-batch. */
    public static final ConfigOption<Integer> BATCH_SIZE =
            ConfigOptions.key("batch.size")
                    .intType()
                    .defaultValue(32)
                    .withDescription(
                            "The most rows predicted together when ML_PREDICT is asynchronous."
                                    + " 'max-concurrent-operations', 10 by default, should be twice"
                                    + " as much, or batches never fill.");

    /** How long a row waits for others. */
    public static final ConfigOption<Duration> BATCH_DELAY =
            ConfigOptions.key("batch.delay")
                    .durationType()
                    .defaultValue(Duration.ofMillis(5))
                    .withDescription(
                            "The longest that a row waits for its batch to fill, also at the end"
                                    + " of a bounded query. It must be less than 'timeout'.");

    private FlinkPeftOptions() {}

    static Set<ConfigOption<?>> required() {
        return Set.of(MODEL, VERSIONS);
    }

    static Set<ConfigOption<?>> optional() {
        return Set.of(
                TASK,
                DEVICE,
                DTYPE,
                MAX_TOKENS,
                SPECIAL_TOKENS,
                MAX_NEW_TOKENS,
                ADAPTER,
                FALLBACK,
                BOOTSTRAP_TIMEOUT,
                ADAPTERS_MEMORY,
                BATCH_SIZE,
                BATCH_DELAY);
    }

    /** Those of the module, whose functions have a task each. */
    static Set<ConfigOption<?>> optionalOfModule() {
        var options = new HashSet<>(optional());
        options.remove(TASK);
        return options;
    }

    /** What a single query may set otherwise, in the configuration of its {@code ML_PREDICT}. */
    static Set<ConfigOption<?>> ofQuery() {
        return Set.of(ADAPTER, FALLBACK, BATCH_SIZE, BATCH_DELAY);
    }

    /** Those of a model or of the module that are given and do nothing. */
    static UnusedOptions unused(ReadableConfig options) {
        String kind = options.get(VERSIONS);
        boolean none = kind.equals(VersionKinds.NONE);
        return new UnusedOptions(options)
                .where(none, ADAPTER, VERSIONS)
                .where(none, ADAPTERS_MEMORY, VERSIONS)
                .where(none || kind.equals(VersionKinds.DIRECTORY), BOOTSTRAP_TIMEOUT, VERSIONS);
    }

    /** The same of a model, which has one task. */
    static UnusedOptions unusedOfModel(ReadableConfig options) {
        return unused(options)
                .where(!options.get(TASK).equalsIgnoreCase(Generation.VERB), MAX_NEW_TOKENS, TASK);
    }
}
