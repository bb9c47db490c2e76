package io.flinkpeft.kafka;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopicFormat;
import io.flinkpeft.kafka.topic.TopicRecord;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Publishes adapter versions to an adapter topic, exactly once: a version becomes visible to
 * readers of committed records, together with the pointer to it, when its checkpoint completes.
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

    /** How long Kafka holds a transaction open, by default. Brokers allow 15 min by default. */
    public static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(10);

    /** The uid of the operator that turns versions into records. */
    public static final String RECORDS_UID = "adapter-topic-records";

    /** The uid of the sink. */
    public static final String SINK_UID = "adapter-topic-sink";

    /** Counter {@code <task scope>.publishedVersions}: versions handed to the sink. */
    public static final String PUBLISHED_METRIC = "publishedVersions";

    /** Counter {@code <task scope>.staleVersions}: versions older than all that are kept. */
    public static final String STALE_METRIC = "staleVersions";

    private AdapterTopicSink() {}

    /** Servers, topic and the prefix of transactional ids are required. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds the sink and the operator before it. */
    public static final class Builder {

        private final Properties properties = new Properties();
        private String servers;
        private String topic;
        private String transactionalIdPrefix;
        private Duration transactionTimeout = TRANSACTION_TIMEOUT;
        private TransactionNamingStrategy naming = TransactionNamingStrategy.POOLING;
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

        /** Begins the names of this job's transactions; no other job may have it; required. */
        public Builder transactionalIdPrefix(String prefix) {
            this.transactionalIdPrefix = prefix;
            return this;
        }

        /**
         * After how long Kafka gives up a transaction of a job that died; until then readers of
         * committed records wait behind it. A job that comes back later has lost what was in it:
         * longer than a checkpoint and a restart. Default 10 minutes.
         */
        public Builder transactionTimeout(Duration timeout) {
            this.transactionTimeout = timeout;
            return this;
        }

        /**
         * How transactions are named. The default, POOLING, uses few names again and again and asks
         * brokers which are open, for which it must be allowed to list transactions; INCREMENTING
         * takes a new name for each checkpoint and asks for nothing.
         */
        public Builder transactionNaming(TransactionNamingStrategy naming) {
            this.naming = naming;
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

        /** One more setting of the Kafka producer. */
        public Builder property(String key, String value) {
            properties.setProperty(key, value);
            return this;
        }

        /** Adds operator and sink to a job, with the parallelism of the versions. */
        public DataStreamSink<TopicRecord> addTo(DataStream<AdapterVersion> versions) {
            var records =
                    versions.keyBy(AdapterVersion::adapterId)
                            .process(new PublishVersions(chunkBytes, keep))
                            .returns(new TopicRecordType())
                            .name("adapter topic records")
                            .uid(RECORDS_UID)
                            .setParallelism(versions.getParallelism());
            // the same parallelism: all records of a version go to one writer, in one transaction
            return records.sinkTo(sink())
                    .name("adapter topic")
                    .uid(SINK_UID)
                    .setParallelism(versions.getParallelism());
        }

        private KafkaSink<TopicRecord> sink() {
            var config = new Properties();
            config.putAll(properties);
            config.setProperty(
                    ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                    Long.toString(transactionTimeout.toMillis()));
            return KafkaSink.<TopicRecord>builder()
                    .setBootstrapServers(required(servers, "bootstrap servers"))
                    .setKafkaProducerConfig(config)
                    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                    .setTransactionalIdPrefix(
                            required(transactionalIdPrefix, "a transactional id prefix"))
                    .setTransactionNamingStrategy(naming)
                    .setRecordSerializer(new TopicRecordWriter(required(topic, "a topic")))
                    .build();
        }

        private static <T> T required(T value, String what) {
            return Objects.requireNonNull(
                    value, () -> "Adapter topic sink must have " + what + ".");
        }
    }
}
