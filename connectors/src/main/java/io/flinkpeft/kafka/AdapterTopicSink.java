package io.flinkpeft.kafka;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicFormat;
import io.flinkpeft.kafka.topic.TopicWriter;
import io.flinkpeft.kafka.topic.VersionRecords;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Publishes adapter versions to an adapter topic, exactly once: a version is written, together with
 * the pointer to it, when its checkpoint is complete, and waits in the state until then.
 *
 * <pre>{@code
 * AdapterTopicSink.builder()
 *         .bootstrapServers("localhost:9092")
 *         .topic("adapters")
 *         .transactionalIdPrefix("trainer")
 *         .addTo(versions);
 * }</pre>
 *
 * <p>Versions of an adapter must come in the order of their steps. What lies in the topic is told
 * by {@link AdapterTopicFormat}; the topic must exist and be compacted.
 */
public final class AdapterTopicSink {

    /** How many versions are kept unless {@link Builder#keep} says another number. */
    public static final int KEEP = 10;

    /** How long Kafka holds a transaction open, by default. */
    public static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(1);

    /** A transaction that has so many bytes takes no further version: 32 MiB. */
    public static final long TRANSACTION_BYTES = 32L << 20;

    /** The uid of the operator that publishes. */
    public static final String UID = "adapter-topic";

    /** Counter {@code <task scope>.publishedVersions}: versions written to the topic. */
    public static final String PUBLISHED_METRIC = "publishedVersions";

    /** Counter {@code <task scope>.staleVersions}: versions whose step the topic has reached. */
    public static final String STALE_METRIC = "staleVersions";

    /** Gauge {@code <task scope>.waitingVersions}: versions that wait for their checkpoint. */
    public static final String WAITING_METRIC = "waitingVersions";

    private AdapterTopicSink() {}

    /** Servers, topic and the prefix of transactional ids are required. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds the sink and the operator before it. */
    public static final class Builder {

        private final Map<String, String> properties = new HashMap<>();
        private String servers;
        private String topic;
        private String transactionalIdPrefix;
        private Duration transactionTimeout = TRANSACTION_TIMEOUT;
        private TopicWriter.Takeover takeover = TopicWriter.Takeover.REFUSED;
        private int chunkBytes = AdapterTopicFormat.CHUNK_BYTES;
        private int keep = KEEP;

        private Builder() {}

        /** host:port of brokers, separated by commas; required. */
        public Builder bootstrapServers(String servers) {
            this.servers = servers;
            return this;
        }

        /** The adapter topic; required. */
        public Builder topic(String topic) {
            this.topic = topic;
            return this;
        }

        /** Begins the transactional ids of this job; required. */
        public Builder transactionalIdPrefix(String prefix) {
            this.transactionalIdPrefix = prefix;
            return this;
        }

        /**
         * After how long Kafka gives up a transaction that is not finished; until then readers of
         * committed records wait behind it. Longer than it takes to write {@link
         * #TRANSACTION_BYTES}, or the largest version. What is given up is published again. Default
         * 1 minute.
         */
        public Builder transactionTimeout(Duration timeout) {
            this.transactionTimeout = timeout;
            return this;
        }

        /**
         * Writes a topic that another job wrote, and shuts that job out. Without it such a job is
         * refused, unless it is restored from the other's state.
         */
        public Builder takeOver() {
            this.takeover = TopicWriter.Takeover.WANTED;
            return this;
        }

        /** A payload that is larger is cut into chunks of so many bytes; default 900,000. */
        public Builder chunkBytes(int chunkBytes) {
            this.chunkBytes = chunkBytes;
            return this;
        }

        /**
         * How many versions of each adapter stay in the topic, at least 1; default {@link #KEEP}.
         */
        public Builder keep(int versions) {
            if (versions < 1) {
                throw new IllegalArgumentException(
                        "versions.keep (" + versions + ") must be at least 1.");
            }
            this.keep = versions;
            return this;
        }

        /** One more setting of the Kafka clients. */
        public Builder property(String key, String value) {
            properties.put(key, value);
            return this;
        }

        /** Adds the operator to a job, with the parallelism of the versions. */
        public void addTo(DataStream<AdapterVersion> versions) {
            versions.keyBy(AdapterVersion::adapterId)
                    .transform("adapter topic", Types.VOID, new PublishOperator(settings()))
                    .uid(UID)
                    .setParallelism(versions.getParallelism());
        }

        private PublishOperator.Settings settings() {
            String servers = required(this.servers, "bootstrap servers");
            String prefix = required(transactionalIdPrefix, "a transactional id prefix");
            var adapters =
                    new AdapterTopic(
                            servers,
                            required(topic, "a topic"),
                            properties,
                            AdapterTopic.CONNECT_TIMEOUT);
            return new PublishOperator.Settings(
                    new TopicWriter.Settings(adapters, prefix, transactionTimeout, takeover),
                    new VersionRecords(chunkBytes),
                    TRANSACTION_BYTES,
                    keep,
                    // a job that is submitted again is another one; one that restarts is the same
                    UUID.randomUUID().toString());
        }

        private static <T> T required(T value, String what) {
            return Objects.requireNonNull(
                    value, () -> "Adapter topic sink must have " + what + ".");
        }
    }
}
