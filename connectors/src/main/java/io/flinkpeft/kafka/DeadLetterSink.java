package io.flinkpeft.kafka;

import io.flinkpeft.event.Rejected;
import java.util.Objects;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;

/**
 * Rejected records to a topic, at least once: key and value are those of the record as it was read,
 * headers say why and from where. What did not come from a record, or was made of two, has the
 * event's JSON as its value, and the adapter as its key.
 *
 * <pre>{@code
 * rejected.sinkTo(DeadLetterSink.builder()
 *         .bootstrapServers("localhost:9092")
 *         .topic("dead-letters")
 *         .build()).uid("dead-letters");
 * }</pre>
 */
public final class DeadLetterSink {

    /** What, with its value, must what. */
    public static final String REASON = "peft.reason";

    /** What kind of reason it is: a {@link Rejected.Cause} in lower case. */
    public static final String CAUSE = "peft.cause";

    /** The adapter the record was for; missing if that is not known. */
    public static final String ADAPTER = "peft.adapter";

    /** The topic it was read from; missing if it did not come from one. */
    public static final String TOPIC = "peft.topic";

    /** The partition it was read from. */
    public static final String PARTITION = "peft.partition";

    /** The offset it was read from. */
    public static final String OFFSET = "peft.offset";

    /** The record's time, milliseconds since the epoch. */
    public static final String TIMESTAMP = "peft.timestamp";

    /** The record's length in bytes, if it was too long and the value is its beginning only. */
    public static final String TRUNCATED_FROM = "peft.truncated-from";

    /** The key's length in bytes, if it was too long and the key is its beginning only. */
    public static final String KEY_TRUNCATED_FROM = "peft.key-truncated-from";

    /** What is longer is truncated, or Kafka would refuse it and the job would never go on. */
    public static final int MAX_PAYLOAD_BYTES = 900_000;

    /** The same for keys. */
    public static final int MAX_KEY_BYTES = 50_000;

    private DeadLetterSink() {}

    /** Servers and topic are required. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a sink for {@link Rejected}. */
    public static final class Builder {

        private final Properties properties = new Properties();
        private String servers;
        private String topic;

        private Builder() {}

        /** host:port of brokers, separated by commas; required. */
        public Builder bootstrapServers(String servers) {
            this.servers = servers;
            return this;
        }

        /** The topic written to; required. */
        public Builder topic(String topic) {
            this.topic = topic;
            return this;
        }

        /** One more setting of the Kafka producer. */
        public Builder property(String key, String value) {
            properties.setProperty(key, value);
            return this;
        }

        /** The sink. */
        public KafkaSink<Rejected> build() {
            Objects.requireNonNull(topic, "Dead letter sink must have a topic.");
            Objects.requireNonNull(servers, "Dead letter sink must have bootstrap servers.");
            return KafkaSink.<Rejected>builder()
                    .setBootstrapServers(servers)
                    .setKafkaProducerConfig(properties)
                    .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                    .setRecordSerializer(new DeadLetterSerializer(topic))
                    .build();
        }
    }
}
