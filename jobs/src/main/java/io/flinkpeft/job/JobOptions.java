package io.flinkpeft.job;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.flinkpeft.kafka.AdapterTopicSink;
import io.flinkpeft.kafka.ExampleLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** What {@link ContinualFineTuneJob} is told besides the trainer's options: where data are. */
public final class JobOptions {

    /** Where an examples topic is read from. */
    public enum Start {
        /** The offsets that the group committed, or else the earliest. */
        COMMITTED,
        /** The earliest offsets. */
        EARLIEST,
        /** The latest offsets: nothing that is in the topic already. */
        LATEST
    }

    /** {@code kafka.bootstrap-servers}. */
    public static final ConfigOption<String> BOOTSTRAP_SERVERS =
            key("kafka.bootstrap-servers")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("host:port of brokers, separated by commas. Required.");

    /** {@code kafka.properties}. */
    public static final ConfigOption<Map<String, String>> KAFKA_PROPERTIES =
            key("kafka.properties")
                    .mapType()
                    .defaultValue(Map.of())
                    .withDescription(
                            "More settings of every Kafka client, each under a key of its own, such"
                                    + " as kafka.properties.security.protocol. No secrets: Flink"
                                    + " shows them.");

    /** {@code kafka.properties-file}. */
    public static final ConfigOption<String> KAFKA_PROPERTIES_FILE =
            key("kafka.properties-file")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "A Java properties file with such settings, secrets among them; each"
                                    + " client reads it where it runs, so it must be on every"
                                    + " machine, under the same path.");

    /** {@code examples.topics}. */
    public static final ConfigOption<List<String>> EXAMPLE_TOPICS =
            key("examples.topics")
                    .stringType()
                    .asList()
                    .noDefaultValue()
                    .withDescription("The topics of examples, separated by ';'. Required.");

    /** {@code examples.group-id}. */
    public static final ConfigOption<String> GROUP_ID =
            key("examples.group-id")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The consumer group whose offsets follow the checkpoints; default"
                                    + " flink-peft- and the adapter topic.");

    /** {@code examples.start}. */
    public static final ConfigOption<Start> START =
            key("examples.start")
                    .enumType(Start.class)
                    .defaultValue(Start.COMMITTED)
                    .withDescription("Where a job without state starts to read.");

    /** {@code examples.bounded}. */
    public static final ConfigOption<Boolean> BOUNDED =
            key("examples.bounded")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether the job ends with what the topics hold when it starts.");

    /** {@code examples.default-adapter}. */
    public static final ConfigOption<String> DEFAULT_ADAPTER =
            key("examples.default-adapter")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The adapter of records that name none and have no key; without it they"
                                    + " are dead letters.");

    /** {@code examples.parallelism}. */
    public static final ConfigOption<Integer> EXAMPLE_PARALLELISM =
            key("examples.parallelism")
                    .intType()
                    .noDefaultValue()
                    .withDescription(
                            "How many subtasks read; default the job's parallelism, in the order"
                                    + " event-time 1. In that order a subtask without a partition"
                                    + " stops all others.");

    /** {@code examples.idle-after}. */
    public static final ConfigOption<Duration> IDLE_AFTER =
            key("examples.idle-after")
                    .durationType()
                    .noDefaultValue()
                    .withDescription(
                            "After how long without records a partition no longer holds back the"
                                    + " watermark; what is late then depends on the clock.");

    /** {@code examples.max-ahead}. */
    public static final ConfigOption<Duration> MAX_AHEAD =
            key("examples.max-ahead")
                    .durationType()
                    .defaultValue(ExampleLimits.DEFAULT.maxAhead())
                    .withDescription(
                            "How much later than the time that Kafka has of its record an event may"
                                    + " be; what is further ahead is a dead letter.");

    /** {@code examples.min-timestamp}. */
    public static final ConfigOption<Long> MIN_TIMESTAMP =
            key("examples.min-timestamp")
                    .longType()
                    .defaultValue(ExampleLimits.DEFAULT.minTimestamp())
                    .withDescription(
                            "The least number that may be a timestamp; smaller ones are seconds, and"
                                    + " dead letters. Lower it for events from before March 1973.");

    /** {@code examples.tombstones}. */
    public static final ConfigOption<ExampleLimits.Tombstones> TOMBSTONES =
            key("examples.tombstones")
                    .enumType(ExampleLimits.Tombstones.class)
                    .defaultValue(ExampleLimits.DEFAULT.tombstones())
                    .withDescription(
                            "What becomes of records without a value, which compacted topics have:"
                                    + " dead-letter, or ignore, which counts them.");

    /** {@code examples.max-drift}. */
    public static final ConfigOption<Duration> MAX_DRIFT =
            key("examples.max-drift")
                    .durationType()
                    .noDefaultValue()
                    .withDescription(
                            "How much event time a partition may be ahead of the slowest before it"
                                    + " pauses; without it, what is between them waits in state.");

    /** {@code controls.topics}. */
    public static final ConfigOption<List<String>> CONTROL_TOPICS =
            key("controls.topics")
                    .stringType()
                    .asList()
                    .noDefaultValue()
                    .withDescription(
                            "Topics of controls and heartbeats besides those of examples, separated"
                                    + " by ';'; only in the order event-time.");

    /** {@code adapters.topic}. */
    public static final ConfigOption<String> ADAPTER_TOPIC =
            key("adapters.topic")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The compacted topic of versions; created if it is missing. Required.");

    /** {@code adapters.partitions}. */
    public static final ConfigOption<Integer> ADAPTER_PARTITIONS =
            key("adapters.partitions")
                    .intType()
                    .defaultValue(4)
                    .withDescription("Partitions of an adapter topic that is created.");

    /** {@code adapters.replication}. */
    public static final ConfigOption<Integer> ADAPTER_REPLICATION =
            key("adapters.replication")
                    .intType()
                    .defaultValue(-1)
                    .withDescription("Copies of each of them; -1: as the brokers have it.");

    /** {@code adapters.transactional-id-prefix}. */
    public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX =
            key("adapters.transactional-id-prefix")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Begins the job's transactional ids; default flink-peft- and the adapter"
                                    + " topic.");

    /** {@code adapters.transaction-timeout}. */
    public static final ConfigOption<Duration> TRANSACTION_TIMEOUT =
            key("adapters.transaction-timeout")
                    .durationType()
                    .defaultValue(AdapterTopicSink.TRANSACTION_TIMEOUT)
                    .withDescription(
                            "After how long Kafka gives up a transaction that a dead job began; the"
                                    + " versions in it are published again.");

    /** {@code adapters.take-over}. */
    public static final ConfigOption<Boolean> TAKE_OVER =
            key("adapters.take-over")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether to write an adapter topic that another job wrote, and to shut"
                                    + " that job out. A job that is restored from the other's state"
                                    + " needs no leave.");

    /** {@code versions.keep}. */
    public static final ConfigOption<Integer> KEEP =
            key("versions.keep")
                    .intType()
                    .defaultValue(AdapterTopicSink.KEEP)
                    .withDescription("How many versions of each adapter stay in the topic.");

    /** {@code dead-letters.topic}. */
    public static final ConfigOption<String> DEAD_LETTER_TOPIC =
            key("dead-letters.topic")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The topic of records that could not be used, with the reason; created,"
                                    + " of one partition, if it is missing. Required.");

    /** {@code predictions.topic}. */
    public static final ConfigOption<String> PREDICTION_TOPIC =
            key("predictions.topic")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The topic of what was predicted for each example before it was trained"
                                    + " on; without it, predictions are only measured.");

    private JobOptions() {}

    static String groupId(Configuration options) {
        return options.getOptional(GROUP_ID).orElse("flink-peft-" + options.get(ADAPTER_TOPIC));
    }
}
