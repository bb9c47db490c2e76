package io.flinkpeft.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Examples of one adapter as records of their topic. */
final class LabelledTexts {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private LabelledTexts() {}

    /** The tiny models' examples, their texts changed. */
    static List<ProducerRecord<String, String>> records(
            String adapter, UnaryOperator<String> text) {
        return TinyModels.examples(adapter).stream()
                .map(
                        example ->
                                MAPPER.createObjectNode()
                                        .put("text", text.apply(example.text()))
                                        .put("label", example.label()))
                .map(json -> new ProducerRecord<>("examples", adapter, json.toString()))
                .toList();
    }
}
