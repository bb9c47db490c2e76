package io.flinkpeft.example.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.example.wordnet.Gloss;
import io.flinkpeft.example.wordnet.GlossStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What every run trains: the same examples of the same adapters with the same settings.
 *
 * @param model the base model
 * @param versions how many versions the first adapter gets; each further one gets one more
 * @param glosses what the examples are taken from
 */
record Workload(String model, int versions, List<Gloss> glosses) {

    static final String EXAMPLES = "examples";
    static final String DEAD_LETTERS = "dead-letters";
    static final int ADAPTERS = 6;
    static final int PARTITIONS = 4;
    static final int BATCH = 4;
    static final int STEPS_PER_VERSION = 2;

    /** These wait in the state at the end, in a batch that is not full. */
    private static final int REST = BATCH - 1;

    private static final long SEED = 11;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Says all that the bytes depend on. */
    String name() {
        return model.replaceAll(".*/", "") + "-" + versions;
    }

    private static String adapter(int index) {
        return "adapter-" + index;
    }

    private int examples(int adapter) {
        return (versions + adapter) * STEPS_PER_VERSION * BATCH + REST;
    }

    /** How many versions there are. */
    int totalVersions() {
        return ADAPTERS * versions + ADAPTERS * (ADAPTERS - 1) / 2;
    }

    /** How many examples there are. */
    int size() {
        int size = 0;
        for (int adapter = 0; adapter < ADAPTERS; adapter++) {
            size += examples(adapter);
        }
        return size;
    }

    /** The examples, those of all adapters in turn. */
    List<ProducerRecord<String, byte[]>> records() {
        Iterator<Gloss> next = GlossStream.of(glosses, size(), SEED).glosses().iterator();
        var records = new ArrayList<ProducerRecord<String, byte[]>>();
        for (int i = 0; next.hasNext(); i++) {
            for (int adapter = 0; adapter < ADAPTERS; adapter++) {
                if (i < examples(adapter)) {
                    records.add(record(adapter, i, next.next()));
                }
            }
        }
        return records;
    }

    private static ProducerRecord<String, byte[]> record(int adapter, int number, Gloss gloss) {
        var json = new LinkedHashMap<String, Object>();
        json.put("text", gloss.text());
        json.put("label", gloss.label());
        json.put("timestamp", 1000L * number);
        try {
            byte[] value = JSON.writeValueAsBytes(json);
            return new ProducerRecord<>(EXAMPLES, adapter % PARTITIONS, adapter(adapter), value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // of strings and a number
        }
    }

    /** The trainer's options. */
    Map<String, String> training() {
        var options = new TreeMap<String, String>();
        options.put("model", model);
        options.put("train.batch-size", Integer.toString(BATCH));
        options.put("train.dtype", "fp32");
        // so that examples wait in the topic and on their way, not only in the trainer's queue
        options.put("train.max-buffered", "24");
        options.put("publish.every-steps", Integer.toString(STEPS_PER_VERSION));
        options.put("peft.lora.rank", "2");
        return options;
    }

    /** The arguments of a job that writes to a topic of its own. */
    String[] arguments(String servers, String adapters) {
        var options = new TreeMap<>(training());
        options.put("kafka.bootstrap-servers", servers);
        options.put("examples.topics", EXAMPLES);
        options.put("examples.group-id", adapters);
        options.put("examples.min-timestamp", "0");
        options.put("adapters.topic", adapters);
        options.put("dead-letters.topic", DEAD_LETTERS);
        options.put("versions.keep", "1000");
        return options.entrySet().stream()
                .flatMap(o -> Stream.of("--" + o.getKey(), o.getValue()))
                .toArray(String[]::new);
    }
}
