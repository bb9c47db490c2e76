package io.flinkpeft.example.quickstart;

import io.flinkpeft.event.PrequentialResult;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes a trainer's own predictions to the topic that the SQL query writes to as well. */
record PredictionTopic(Learner learner)
        implements KafkaRecordSerializationSchema<PrequentialResult> {

    static KafkaSink<PrequentialResult> sink(String servers, Learner learner) {
        return KafkaSink.<PrequentialResult>builder()
                .setBootstrapServers(servers)
                .setProperty(ProducerConfig.LINGER_MS_CONFIG, Topics.LINGER_MILLIS)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new PredictionTopic(learner))
                .build();
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            PrequentialResult result, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(Topics.PREDICTIONS, Prediction.of(learner, result).toJson());
    }
}
