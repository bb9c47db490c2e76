package io.flinkpeft.example.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.event.Example;
import io.flinkpeft.flink.config.TrainingConfiguration;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.OnlineTrainer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CheckerTest {

    private static final String ADAPTER = "adapter-0";
    private static final Workload WORKLOAD = new Workload(ChaosITCase.TINY_BERT, 1, List.of());
    private static final int COUNT = Workload.STEPS_PER_VERSION * Workload.BATCH;

    private static final List<ConsumerRecord<String, byte[]>> EXAMPLES = new ArrayList<>();
    private static byte[] payload;

    /** Trains the examples of offsets 0 to 7. */
    @BeforeAll
    static void train() {
        var examples = new ArrayList<Example>();
        for (int i = 0; i < COUNT; i++) {
            String text = "text number " + i;
            String label = i % 2 == 0 ? "even" : "odd";
            String json =
                    "{\"text\": \"%s\", \"label\": \"%s\", \"timestamp\": %d}"
                            .formatted(text, label, i);
            EXAMPLES.add(record(Workload.EXAMPLES, i, ADAPTER, json.getBytes()));
            examples.add(Example.labelled(ADAPTER, text, label).at(i, Workload.EXAMPLES, 0, i));
        }
        var settings = TrainingConfiguration.settings(Configuration.fromMap(WORKLOAD.training()));
        try (var trainer = OnlineTrainer.open(settings.trainer())) {
            var live = trainer.create(ADAPTER);
            for (int i = 0; i < COUNT; i += Workload.BATCH) {
                var batch = examples.subList(i, i + Workload.BATCH);
                live = trainer.step(List.of(new Batch(live, batch, List.of()))).get(0).after();
            }
            payload = trainer.version(live).payload();
        }
    }

    private static ConsumerRecord<String, byte[]> record(
            String topic, long offset, String key, byte[] value) {
        return new ConsumerRecord<>(topic, 0, offset, key, value);
    }

    private static ConsumerRecord<String, byte[]> version(byte[] payload, String offsets) {
        var record = record("adapters", 0, ADAPTER + "@" + Workload.STEPS_PER_VERSION, payload);
        record.headers().add("peft.offsets", offsets.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    @Test
    void theSameBytesFromTheSameOffsetsAreRight() throws Exception {
        var published = List.of(version(payload, "0 0 7 8 examples"));

        assertThat(new Checker(EXAMPLES, published).wrong(WORKLOAD)).isEmpty();
    }

    @Test
    void oneOtherBitIsWrong() throws Exception {
        byte[] other = payload.clone();
        other[other.length - 1] ^= 1;
        var published = List.of(version(other, "0 0 7 8 examples"));

        assertThat(new Checker(EXAMPLES, published).wrong(WORKLOAD)).containsExactly("adapter-0@2");
    }

    @Test
    void anotherOrderOfTheExamplesIsWrong() throws Exception {
        var swapped = new ArrayList<>(EXAMPLES);
        Collections.swap(swapped, 0, COUNT - 1);
        var published = List.of(version(payload, "0 0 7 8 examples"));

        assertThat(new Checker(swapped, published).wrong(WORKLOAD)).containsExactly("adapter-0@2");
    }

    @Test
    void offsetsThatDoNotHoldWhatTheySayAreRefused() {
        var published = List.of(version(payload, "0 0 6 8 examples"));

        assertThatThrownBy(() -> new Checker(EXAMPLES, published).wrong(WORKLOAD))
                .hasMessageContaining("of adapter-0 must hold 8 examples, holds 7");
    }
}
