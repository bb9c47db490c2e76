package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.adapter.AdapterVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes to an adapter topic from a tool, outside of a job: all records of a call in one
 * transaction.
 */
public final class AdapterTopicWriter implements AutoCloseable {

    /** Kafka's own default. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final AdapterTopic topic;
    private final TopicProducer producer;

    /**
     * Opens a writer.
     *
     * @param transactionalId a name for this writer; another with the same name is shut out
     */
    public AdapterTopicWriter(AdapterTopic topic, String transactionalId) {
        this.topic = topic;
        this.producer = new TopicProducer(topic, transactionalId, TIMEOUT);
    }

    /** Publishes a version and makes it the adapter's current one. */
    public void publish(AdapterVersion version) {
        var records = new ArrayList<>(VersionRecords.DEFAULT.version(version));
        records.add(pointer(version));
        producer.write(records);
    }

    /**
     * Makes an earlier version current again.
     *
     * @throws IllegalArgumentException if the topic does not have it whole
     */
    public void rollBack(String adapterId, long step) {
        AdapterIds.check(adapterId);
        AdapterVersion version =
                new AdapterTopicReader(topic)
                        .fetch(adapterId, step)
                        .orElseThrow(() -> missing(adapterId, step));
        producer.write(List.of(pointer(version)));
    }

    /** Takes the adapter's pointer away: it has no current version any more. */
    public void unpublish(String adapterId) {
        producer.write(List.of(VersionRecords.pointerRemoval(AdapterIds.check(adapterId))));
    }

    private IllegalArgumentException missing(String adapterId, long step) {
        return new IllegalArgumentException(
                "Version "
                        + TopicKey.version(adapterId, step)
                        + " must be in topic "
                        + topic.name()
                        + ". Maybe it is older than versions.keep.");
    }

    private static TopicRecord pointer(AdapterVersion version) {
        return VersionRecords.pointer(version.adapterId(), version.step(), version.sha256());
    }

    @Override
    public void close() {
        producer.close();
    }
}
