package io.flinkpeft.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.event.Example;
import io.flinkpeft.testing.TinyModels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Examples of two adapters that come again in every epoch, and controls for one of them. */
final class EpochExamples {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What adapter b is told, by the epoch before which it comes. */
    private static final Map<Integer, String> CONTROLS =
            Map.of(
                    1, "{\"control\": \"set\", \"learning_rate\": 1e-3}",
                    4, "{\"control\": \"set\", \"method\": {\"peft_type\": \"LORA\", \"r\": 2}}",
                    7, "{\"control\": \"reset\"}");

    private EpochExamples() {}

    /**
     * For adapters a and b, b in reverse order and with controls: 48 examples each an epoch, 6
     * steps, a version.
     */
    static List<ProducerRecord<String, String>> of(int fromEpoch, int toEpoch) {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        List<Example> forward = TinyModels.examples("a");
        List<Example> backward = new ArrayList<>(forward);
        Collections.reverse(backward);
        for (int epoch = fromEpoch; epoch < toEpoch; epoch++) {
            if (CONTROLS.containsKey(epoch)) {
                records.add(new ProducerRecord<>("topic", "b", CONTROLS.get(epoch)));
            }
            for (int i = 0; i < forward.size(); i++) {
                long timestamp = 1000L * (epoch * forward.size() + i);
                records.add(record("a", forward.get(i), timestamp));
                records.add(record("b", backward.get(i), timestamp));
            }
        }
        return records;
    }

    private static ProducerRecord<String, String> record(String key, Example e, long timestamp) {
        var json = MAPPER.createObjectNode();
        json.put("text", e.text()).put("label", e.label()).put("timestamp", timestamp);
        return new ProducerRecord<>("topic", key, json.toString());
    }
}
