package io.flinkpeft.example.quickstart;

import io.flinkpeft.event.PrequentialResult;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;

/** Writes a trainer's own predictions to the topic that the SQL query writes to as well. */
final class PredictionTopic {

    private PredictionTopic() {}

    static KafkaSink<PrequentialResult> sink(String servers, String topic, Learner learner) {
        return KafkaSink.<PrequentialResult>builder()
                .setBootstrapServers(servers)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(
                        KafkaRecordSerializationSchema.<PrequentialResult>builder()
                                .setTopic(topic)
                                .setValueSerializationSchema(
                                        result -> Prediction.of(learner, result).toJson())
                                .build())
                .build();
    }
}
