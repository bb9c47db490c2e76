package io.flinkpeft.kafka.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All partitions of one topic, read from the beginning. Not for several threads. */
final class TopicConsumer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicConsumer.class);
    private static final Duration POLL = Duration.ofMillis(500);

    /** How long a broker may hold a request back that reads to an end. */
    private static final int BRIEF_MILLIS = 20;

    private final AdapterTopic topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private List<TopicPartition> partitions = List.of();

    /** One that follows the topic. */
    TopicConsumer(AdapterTopic topic, Isolation isolation) {
        this(topic, topic.consumerConfig(isolation));
    }

    private TopicConsumer(AdapterTopic topic, Map<String, Object> config) {
        this.topic = topic;
        var bytes = new ByteArrayDeserializer();
        this.consumer = new KafkaConsumer<>(config, bytes, bytes);
    }

    /**
     * One that reads what is there. Kafka's consumer asks for more than it was told to read, and
     * its close waits until the broker has answered that: by default for half a second.
     */
    static TopicConsumer toEnds(AdapterTopic topic, Isolation isolation) {
        Map<String, Object> config = topic.consumerConfig(isolation);
        config.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, BRIEF_MILLIS);
        return new TopicConsumer(topic, config);
    }

    /**
     * Takes the topic's partitions and goes to their beginnings.
     *
     * @throws IllegalStateException if no broker answers in time, or there is no such topic
     */
    void connect() {
        partitions = new ArrayList<>();
        for (PartitionInfo info : describe()) {
            partitions.add(partition(info.partition()));
        }
        consumer.assign(partitions);
        toBeginning();
    }

    /**
     * Takes some of the topic's partitions, at these offsets. Where the topic does not have the
     * offset, as it was made anew or cut, its partition is read from the beginning.
     */
    void connect(Map<Integer, Long> offsets) {
        partitions = offsets.keySet().stream().map(this::partition).toList();
        consumer.assign(partitions);
        var beginnings = ask(() -> consumer.beginningOffsets(partitions, topic.connectTimeout()));
        var ends = ends();
        for (TopicPartition partition : partitions) {
            long offset = offsets.get(partition.partition());
            long beginning = beginnings.get(partition);
            boolean there = offset >= beginning && offset <= ends.get(partition);
            consumer.seek(partition, there ? offset : beginning);
        }
    }

    /**
     * Reads until it is at these offsets.
     *
     * @param patience how long to wait for the next record
     * @throws IllegalStateException if none comes for so long
     */
    void readTo(
            Map<TopicPartition, Long> ends,
            Duration patience,
            Consumer<ConsumerRecord<byte[], byte[]>> action) {
        long deadline = System.nanoTime() + patience.toNanos();
        long remaining = remaining(ends);
        while (remaining > 0) {
            poll(action);
            long now = remaining(ends);
            if (now < remaining) {
                deadline = System.nanoTime() + patience.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Adapter topic ("
                                + topic.name()
                                + ") at "
                                + topic.servers()
                                + " must give its next records within "
                                + patience.toMillis()
                                + " ms, "
                                + now
                                + " are left. Maybe Kafka is down, or a transaction is open.");
            }
            remaining = now;
        }
    }

    private TopicPartition partition(int partition) {
        return new TopicPartition(topic.name(), partition);
    }

    private List<PartitionInfo> describe() {
        var infos = ask(() -> consumer.partitionsFor(topic.name(), topic.connectTimeout()));
        if (infos == null || infos.isEmpty()) {
            throw new IllegalStateException(
                    "Adapter topic ("
                            + topic.name()
                            + ") must exist at "
                            + topic.servers()
                            + ". Maybe create it, compacted, or start the job that trains.");
        }
        return infos;
    }

    /** Whether partitions were added since it was connected, as far as the consumer has heard. */
    boolean hasMorePartitions() {
        try {
            return consumer.partitionsFor(topic.name(), POLL).size() > partitions.size();
        } catch (RetriableException e) {
            return false;
        }
    }

    /** Goes to the beginning again. */
    void toBeginning() {
        consumer.seekToBeginning(partitions);
    }

    /** Where the partitions end now, for this isolation. */
    Map<TopicPartition, Long> ends() {
        return ask(() -> consumer.endOffsets(partitions, topic.connectTimeout()));
    }

    private <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (TimeoutException | AuthenticationException e) {
            throw topic.unreachable(e);
        } catch (AuthorizationException e) {
            throw new IllegalStateException(
                    "Adapter topic ("
                            + topic.name()
                            + ") must be readable at "
                            + topic.servers()
                            + ". Kafka says: "
                            + e.getMessage(),
                    e);
        }
    }

    /** How many offsets are left until the ends. */
    long remaining(Map<TopicPartition, Long> ends) {
        long remaining = 0;
        for (var end : ends.entrySet()) {
            remaining += Math.max(0, end.getValue() - position(end.getKey()));
        }
        return remaining;
    }

    /**
     * Hands over what has come; a broker that is away is waited for.
     *
     * @return how many records came
     */
    int poll(Consumer<ConsumerRecord<byte[], byte[]>> action) {
        try {
            var records = consumer.poll(POLL);
            records.forEach(action);
            return records.count();
        } catch (RetriableException e) {
            LOG.warn("Reading {} again: {}", topic.name(), e.getMessage());
            return 0;
        }
    }

    /** Where it is in a partition; 0 while a broker must be asked that does not answer. */
    private long position(TopicPartition partition) {
        try {
            return consumer.position(partition, POLL);
        } catch (TimeoutException e) {
            return 0;
        }
    }

    /** Reads a part of one partition again, then goes on where it was. */
    void reread(
            VersionIndex.Span span,
            BooleanSupplier stopped,
            Consumer<ConsumerRecord<byte[], byte[]>> action) {
        var partition = partition(span.partition());
        long position = consumer.position(partition);
        consumer.pause(partitions);
        consumer.resume(List.of(partition));
        consumer.seek(partition, span.first());
        try {
            while (!stopped.getAsBoolean() && position(partition) <= span.last()) {
                poll(action);
            }
        } finally {
            consumer.seek(partition, position);
            consumer.resume(partitions);
        }
    }

    /** Whether a broker answers now. */
    boolean isAnswered() {
        try {
            consumer.endOffsets(partitions, POLL);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Ends a poll that waits; the one method for other threads. */
    void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
