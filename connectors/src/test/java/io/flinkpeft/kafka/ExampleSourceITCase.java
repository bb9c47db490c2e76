package io.flinkpeft.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.testing.KafkaExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExampleSourceITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final String BAD = "{\"text\": 7}";
    private static final String FAR_AHEAD =
            "{\"heartbeat\": true, \"timestamp\": \"9999-01-01T00:00:00Z\"}";

    @Test
    void examplesGoOnAndTheRestIsADeadLetter() throws Exception {
        String topic = KAFKA.newTopic(2, Map.of());
        String dead = KAFKA.newTopic(1, Map.of());
        send(topic, 0, "a", "{\"text\": \"one\", \"label\": \"x\", \"timestamp\": 1000}");
        send(topic, 0, "a", BAD);
        send(topic, 0, "a", "{\"text\": \"two\", \"timestamp\": 2000}");
        send(topic, 1, null, "{\"text\": \"three\", \"timestamp\": 3000}");
        send(topic, 1, "b", null);
        send(topic, 1, "b", "not JSON");
        send(topic, 1, null, FAR_AHEAD);
        send(topic, 1, "b", "{\"control\": \"pause\", \"timestamp\": 4000}");

        var examples = addTo(source(topic), dead);
        assertThat(examples.executeAndCollect(100))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("raw")
                .containsExactlyInAnyOrder(
                        Example.labelled("a", "one", "x").at(1000, topic, 0, 0),
                        Example.unlabelled("a", "two").at(2000, topic, 0, 2),
                        Example.unlabelled("nobody", "three").at(3000, topic, 1, 0),
                        Control.of("b", Control.Action.PAUSE).at(4000, topic, 1, 4));
        assertThat(read(dead))
                .extracting(
                        record ->
                                header(record, "peft.topic")
                                        + "-"
                                        + header(record, "peft.partition")
                                        + "@"
                                        + header(record, "peft.offset")
                                        + " "
                                        + text(record.key())
                                        + " "
                                        + text(record.value()))
                .containsExactlyInAnyOrder(
                        topic + "-0@1 a " + BAD,
                        topic + "-1@1 b ",
                        topic + "-1@2 b not JSON",
                        topic + "-1@3 null " + FAR_AHEAD);
    }

    @Test
    void keysThatAreNotUtf8AreKeptByteForByte() throws Exception {
        String topic = KAFKA.newTopic(1, Map.of());
        String dead = KAFKA.newTopic(1, Map.of());
        byte[] one = {'c', 'a', 'f', (byte) 0xE9};
        byte[] other = {'c', 'a', 'f', (byte) 0xE8};
        byte[] text = "{\"text\": \"x\"}".getBytes(UTF_8);
        byte[] drop = "{\"control\": \"drop\"}".getBytes(UTF_8);
        send(topic, one, text);
        send(topic, other, drop);
        send(topic, "good".getBytes(UTF_8), text);
        var examples = addTo(source(topic), dead);
        assertThat(examples.executeAndCollect(100))
                .extracting(TrainingEvent::adapterId)
                .containsExactly("good");
        assertThat(read(dead)).extracting(ConsumerRecord::key).containsExactly(one, other);
        assertThat(read(dead)).extracting(ConsumerRecord::value).containsExactly(text, drop);
        assertThat(read(dead))
                .extracting(record -> header(record, "peft.cause"))
                .containsOnly("adapter");
    }

    @Test
    void tombstonesMayBeIgnored() throws Exception {
        String topic = KAFKA.newTopic(1, Map.of());
        String dead = KAFKA.newTopic(1, Map.of());
        send(topic, 0, "a", null);
        send(topic, 0, "a", "{\"text\": \"x\"}");
        send(topic, 0, null, null);
        var limits = ExampleLimits.DEFAULT.withTombstones(ExampleLimits.Tombstones.IGNORE);
        assertThat(addTo(source(topic).limits(limits), dead).executeAndCollect(100)).hasSize(1);
        assertThat(read(dead)).isEmpty();
    }

    private static SingleOutputStreamOperator<TrainingEvent> addTo(
            ExampleSource.Builder source, String dead) {
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        var examples = source.addTo(env);
        examples.getSideOutput(ExampleSource.REJECTED)
                .sinkTo(
                        DeadLetterSink.builder()
                                .bootstrapServers(KAFKA.bootstrapServers())
                                .topic(dead)
                                .build());
        return examples;
    }

    private static void send(String topic, byte[] key, byte[] value) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", KAFKA.bootstrapServers());
        var bytes = new ByteArraySerializer();
        try (var producer = new KafkaProducer<>(config, bytes, bytes)) {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        }
    }

    @Test
    void whatIsRequiredIsNamed() {
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        assertThatThrownBy(() -> ExampleSource.builder().addTo(env))
                .hasMessage("Example source must have bootstrap servers.");
        var builder = ExampleSource.builder().bootstrapServers("x:1");
        assertThatThrownBy(() -> builder.addTo(env)).hasMessage("Example source must have topics.");
        assertThatThrownBy(() -> builder.topics("t").addTo(env))
                .hasMessage("Example source must have a group id.");
    }

    private static ExampleSource.Builder source(String topic) {
        return ExampleSource.builder()
                .bootstrapServers(KAFKA.bootstrapServers())
                .topics(topic)
                .groupId("group-" + topic)
                .limits(ExampleLimits.DEFAULT.withMinTimestamp(1000))
                .defaultAdapter("nobody")
                .bounded(OffsetsInitializer.latest());
    }

    private static void send(String topic, int partition, String key, String value)
            throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", KAFKA.bootstrapServers());
        var strings = new StringSerializer();
        try (var producer = new KafkaProducer<>(config, strings, strings)) {
            producer.send(new ProducerRecord<>(topic, partition, key, value)).get();
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> config = Map.of("bootstrap.servers", KAFKA.bootstrapServers());
        var bytes = new ByteArrayDeserializer();
        var partition = new TopicPartition(topic, 0);
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = new KafkaConsumer<>(config, bytes, bytes)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, UTF_8);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
