package io.flinkpeft.kafka;

import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.Durations;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.flink.state.TrainingEventTypeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * Examples and controls from Kafka topics, as {@link JsonExampleDeserializer} reads them. What
 * cannot be either goes to the side output {@link #REJECTED}.
 *
 * <pre>{@code
 * var examples = ExampleSource.builder()
 *         .bootstrapServers("localhost:9092")
 *         .topics("tickets")
 *         .groupId("trainer")
 *         .addTo(env);
 * examples.getSideOutput(ExampleSource.REJECTED).sinkTo(deadLetters);
 * }</pre>
 *
 * <p>Watermarks are made per partition from the events' own timestamps.
 */
public final class ExampleSource {

    /** The records that are no examples and no controls. */
    public static final OutputTag<Rejected> REJECTED =
            new OutputTag<>("rejected", TypeInformation.of(Rejected.class));

    /** The uid of the source; state of later releases is found by it. */
    public static final String SOURCE_UID = "example-source";

    /** The uid of the operator that parts events from rejected records. */
    public static final String SPLIT_UID = "example-split";

    /**
     * Counter {@code <operator scope>.deserializer.peft.eventsAhead}: records whose time is too far
     * ahead of Kafka's.
     */
    public static final String EVENTS_AHEAD = "eventsAhead";

    /**
     * Counter {@code <operator scope>.deserializer.peft.tombstonesIgnored}: records without a value
     * where {@link ExampleLimits#tombstones} ignores them.
     */
    public static final String TOMBSTONES_IGNORED = "tombstonesIgnored";

    /**
     * Counter {@code <operator scope>.peft.partitionsAdded}: partitions that were found while a
     * reader ran.
     */
    public static final String PARTITIONS_ADDED = "partitionsAdded";

    /**
     * Gauge {@code <operator scope>.peft.partitionsSilent}: a reader's partitions without an event
     * since it started.
     */
    public static final String PARTITIONS_SILENT = "partitionsSilent";

    private static final Duration LOOK = Duration.ofMinutes(1);

    /** How often partitions are compared where {@link Builder#maxDrift} is set. */
    public static final Duration ALIGNMENT = Duration.ofMillis(200);

    private ExampleSource() {}

    /** Servers, topics and group are required. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds the source and the operator behind it. */
    public static final class Builder {

        private final Properties properties = new Properties();
        private String servers;
        private List<String> topics;
        private String groupId;
        private String defaultAdapter;
        private ExampleLimits limits = ExampleLimits.DEFAULT;
        private OffsetsInitializer start = committedOrEarliest();
        private OffsetsInitializer end;
        private Duration outOfOrderness = Duration.ZERO;
        private Duration idleAfter;
        private Duration maxDrift;
        private int parallelism;
        private EventOrder.Kind order = EventOrder.Kind.ARRIVAL;

        private Builder() {
            properties.setProperty("isolation.level", "read_committed");
        }

        /** host:port of brokers, separated by commas; required. */
        public Builder bootstrapServers(String servers) {
            this.servers = servers;
            return this;
        }

        /** The topics to read; required. */
        public Builder topics(String... topics) {
            this.topics = List.of(topics);
            return this;
        }

        /** The consumer group whose offsets are committed with checkpoints; required. */
        public Builder groupId(String groupId) {
            this.groupId = groupId;
            return this;
        }

        /** The adapter of records that name none and have no key; by default they are rejected. */
        public Builder defaultAdapter(String adapterId) {
            this.defaultAdapter = AdapterIds.check(adapterId);
            return this;
        }

        /** What records must keep to; default {@link ExampleLimits#DEFAULT}. */
        public Builder limits(ExampleLimits limits) {
            this.limits = limits;
            return this;
        }

        /**
         * Where a job without state starts; default the group's committed offsets, or else the
         * earliest.
         */
        public Builder startingOffsets(OffsetsInitializer start) {
            this.start = start;
            return this;
        }

        /**
         * Where the job ends, such as {@link OffsetsInitializer#latest}; by default it does not.
         */
        public Builder bounded(OffsetsInitializer end) {
            this.end = end;
            return this;
        }

        /** By how much an example may be older than one before it in its partition; default 0. */
        public Builder outOfOrderness(Duration outOfOrderness) {
            this.outOfOrderness = outOfOrderness;
            return this;
        }

        /**
         * After how long without records a partition no longer holds back the watermark; by default
         * it always does. With it, what is late or comes behind its turn depends on the clock, and
         * a job that is run again may learn otherwise; heartbeats in the partition do without.
         */
        public Builder idleAfter(Duration idleAfter) {
            if (idleAfter.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException(
                        "examples.idle-after (" + idleAfter + ") must be at least 1 ms.");
            }
            this.idleAfter = Durations.check("examples.idle-after", idleAfter, Durations.OF_CLOCKS);
            return this;
        }

        /**
         * By how much event time a partition may be ahead of the slowest before it pauses; by
         * default by any. What is between them waits in state where order is by event time. The
         * decision is taken every {@link #ALIGNMENT}, and only while each partition has a time: one
         * that had no record yet, or none since a restore, lets all others go on.
         */
        public Builder maxDrift(Duration maxDrift) {
            if (maxDrift.isNegative() || maxDrift.isZero()) {
                throw new IllegalArgumentException(
                        "examples.max-drift (" + maxDrift + ") must be more than 0.");
            }
            this.maxDrift = Durations.check("examples.max-drift", maxDrift, Durations.OF_EVENTS);
            return this;
        }

        /**
         * How many subtasks read; by default the job's parallelism. A subtask without a partition
         * holds back the watermark for ever, so where order is by event time there must not be more
         * than one topic has partitions.
         */
        public Builder parallelism(int parallelism) {
            if (parallelism < 1) {
                throw new IllegalArgumentException(
                        "examples.parallelism (" + parallelism + ") must be at least 1.");
            }
            this.parallelism = parallelism;
            return this;
        }

        /**
         * In which order adapters learn from it, on which it depends what the log warns of:
         * partitions that are added in that of arrival, the default, and partitions without an
         * event in that of event time.
         */
        public Builder order(EventOrder.Kind order) {
            this.order = order;
            return this;
        }

        /** One more setting of the Kafka consumer; {@code isolation.level} is read_committed. */
        public Builder property(String key, String value) {
            properties.setProperty(key, value);
            return this;
        }

        /** Adds source and operator to a job. */
        public SingleOutputStreamOperator<TrainingEvent> addTo(StreamExecutionEnvironment env) {
            var records = env.fromSource(source(), watermarks(), "examples").uid(SOURCE_UID);
            var events =
                    records.process(new SplitRecords())
                            .returns(TrainingEventTypeInfo.INSTANCE)
                            .name("split examples")
                            .uid(SPLIT_UID);
            if (parallelism > 0) {
                records.setParallelism(parallelism);
                events.setParallelism(parallelism);
            }
            return events;
        }

        @SuppressWarnings("deprecation") // Flink's method still takes the type that Kafka gave up
        private static OffsetsInitializer committedOrEarliest() {
            return OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
        }

        private WatchedSource source() {
            KafkaSourceBuilder<ParsedRecord> source =
                    KafkaSource.<ParsedRecord>builder()
                            .setBootstrapServers(required(servers, "bootstrap servers"))
                            .setTopics(required(topics, "topics"))
                            .setGroupId(required(groupId, "a group id"))
                            .setStartingOffsets(start)
                            .setProperties(properties)
                            .setDeserializer(new JsonExampleDeserializer(defaultAdapter, limits));
            var watched = idleAfter == null ? order : EventOrder.Kind.ARRIVAL;
            return new WatchedSource(
                    (end == null ? source : source.setBounded(end)).build(), watched, LOOK);
        }

        private WatermarkStrategy<ParsedRecord> watermarks() {
            Duration bound = outOfOrderness;
            var strategy =
                    WatermarkStrategy.<ParsedRecord>forGenerator(c -> new ExampleWatermarks(bound))
                            .withTimestampAssigner((record, time) -> record.timestampMillis());
            var idling = idleAfter == null ? strategy : strategy.withIdleness(idleAfter);
            return maxDrift == null
                    ? idling
                    : idling.withWatermarkAlignment(String.join(";", topics), maxDrift, ALIGNMENT);
        }

        private static <T> T required(T value, String what) {
            return Objects.requireNonNull(value, () -> "Example source must have " + what + ".");
        }
    }
}
