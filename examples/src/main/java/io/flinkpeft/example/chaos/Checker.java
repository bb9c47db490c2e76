package io.flinkpeft.example.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.event.Example;
import io.flinkpeft.flink.config.TrainingConfiguration;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Trains the versions of a topic again, by another way, and compares the bytes.
 *
 * <p>It reads the examples that a version's headers name, by their offsets, and takes the steps one
 * adapter after the other, on one thread, by {@link OnlineTrainer}: no Flink, no queue, no batch
 * mates, none of the code that reads examples or writes versions in the job.
 */
final class Checker {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<ConsumerRecord<String, byte[]>> examples;
    private final List<ConsumerRecord<String, byte[]>> published;

    /**
     * A checker.
     *
     * @param examples all records of the topic of examples
     * @param published all records of the adapter topic
     */
    Checker(
            List<ConsumerRecord<String, byte[]>> examples,
            List<ConsumerRecord<String, byte[]>> published) {
        this.examples = examples;
        this.published = published;
    }

    /** The versions whose bytes another way of training does not give. */
    List<String> wrong(Workload workload) throws IOException {
        var adapters = new TreeMap<String, List<ConsumerRecord<String, byte[]>>>();
        published.stream()
                .filter(TopicHistory::isVersion)
                .forEach(
                        version ->
                                adapters.computeIfAbsent(
                                                version.key().replaceAll("@.*", ""),
                                                adapter -> new ArrayList<>())
                                        .add(version));
        var wrong = new ArrayList<String>();
        var settings = TrainingConfiguration.settings(Configuration.fromMap(workload.training()));
        try (var trainer = OnlineTrainer.open(settings.trainer())) {
            for (var adapter : adapters.entrySet()) {
                check(trainer, adapter.getKey(), adapter.getValue(), wrong);
            }
        }
        return wrong;
    }

    private void check(
            OnlineTrainer trainer,
            String adapter,
            List<ConsumerRecord<String, byte[]>> versions,
            List<String> wrong)
            throws IOException {
        LiveAdapter live = trainer.create(adapter);
        long read = -1;
        for (var version : versions) {
            Range range = Range.of(version);
            List<Example> more = examples(adapter, range, read);
            for (int i = 0; i < more.size(); i += Workload.BATCH) {
                int end = Math.min(i + Workload.BATCH, more.size());
                live = step(trainer, live, more.subList(i, end));
            }
            read = range.last;
            AdapterVersion trained = trainer.version(live);
            if (!trained.name().equals(version.key())
                    || !trained.sha256().equals(Sha256.of(version.value()))) {
                wrong.add(version.key());
            }
            live = live.published();
        }
        live.close();
    }

    private static LiveAdapter step(
            OnlineTrainer trainer, LiveAdapter live, List<Example> examples) {
        BatchOutcome outcome = trainer.step(List.of(new Batch(live, examples, List.of()))).get(0);
        live.close();
        return outcome.after();
    }

    /** The offsets that a version's header names: {@code partition first last count topic}. */
    private record Range(int partition, long first, long last, long count) {

        static Range of(ConsumerRecord<String, byte[]> version) {
            byte[] value = version.headers().lastHeader("peft.offsets").value();
            String[] words = new String(value, StandardCharsets.UTF_8).split(" ");
            return new Range(
                    Integer.parseInt(words[0]),
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]));
        }

        boolean has(ConsumerRecord<String, byte[]> record) {
            return record.partition() == partition
                    && record.offset() >= first
                    && record.offset() <= last;
        }
    }

    private List<Example> examples(String adapter, Range range, long read) throws IOException {
        var all = examples.stream().filter(r -> r.key().equals(adapter) && range.has(r)).toList();
        if (all.size() != range.count()) {
            throw new IllegalStateException(
                    "Range "
                            + range
                            + " of "
                            + adapter
                            + " must hold "
                            + range.count()
                            + " examples, holds "
                            + all.size()
                            + ".");
        }
        var more = new ArrayList<Example>();
        for (var record : all) {
            if (record.offset() > read) {
                JsonNode json = JSON.readTree(record.value());
                more.add(
                        Example.labelled(
                                        adapter,
                                        json.get("text").asText(),
                                        json.get("label").asText())
                                .at(
                                        json.get("timestamp").asLong(),
                                        record.topic(),
                                        record.partition(),
                                        record.offset()));
            }
        }
        return more;
    }
}
