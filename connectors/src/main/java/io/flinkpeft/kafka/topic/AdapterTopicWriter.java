package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.adapter.AdapterVersion;
import java.time.Duration;

/**
 * Writes to an adapter topic from a tool, outside of a job: all records of a call in one
 * transaction. It publishes to a topic that no job writes; pointers it moves in any.
 */
public final class AdapterTopicWriter implements AutoCloseable {

    /** How long Kafka waits for a transaction that is not finished; its own default. */
    static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final AdapterTopic topic;
    private final TopicProducer producer;
    private final TopicWriter self = new TopicWriter("", "", 0, 1, TopicWriter.Before.NOTHING);

    /**
     * Opens a writer.
     *
     * @param transactionalId a name for this writer; another with the same name is shut out
     */
    public AdapterTopicWriter(AdapterTopic topic, String transactionalId) {
        this.topic = topic;
        this.producer = new TopicProducer(topic, transactionalId, TIMEOUT);
    }

    /**
     * Publishes a version and makes it the adapter's current one.
     *
     * @throws IllegalStateException if a job writes the topic: the version's step would keep the
     *     job's own back, or stand under the name of one of them
     */
    public void publish(AdapterVersion version) {
        try (var admin = new TopicAdmin(topic)) {
            TopicPlace decided = admin.committedEnds();
            checkUnclaimed(version, ClaimLog.committed(topic, decided));
            producer.write(
                    self.partitions(null, decided),
                    out -> {
                        VersionRecords.DEFAULT.version(version).forEach(out);
                        out.accept(pointer(version));
                    },
                    // a job that claims the topic from here on reads what was written
                    () -> checkUnclaimed(version, openClaim(decided, admin.ends())));
        }
    }

    private void checkUnclaimed(AdapterVersion version, WriterClaim claim) {
        if (claim != null) {
            throw new IllegalStateException(
                    "Version "
                            + version.name()
                            + " must go to a topic that no job writes, "
                            + topic.name()
                            + " is written by job "
                            + claim.job()
                            + ". Maybe use another topic.");
        }
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
        write(pointer(version));
    }

    /** Takes the adapter's pointer away: it has no current version any more. */
    public void unpublish(String adapterId) {
        write(VersionRecords.pointerRemoval(AdapterIds.check(adapterId)));
    }

    private void write(TopicRecord record) {
        try (var admin = new TopicAdmin(topic)) {
            TopicPlace decided = admin.committedEnds();
            int partitions = self.partitions(ClaimLog.committed(topic, decided), decided);
            producer.write(partitions, out -> out.accept(record));
        }
    }

    /** One that came behind what was decided, committed or not. */
    private WriterClaim openClaim(TopicPlace decided, TopicPlace end) {
        var log = ClaimLog.of(topic, Isolation.READ_UNCOMMITTED);
        log.skipTo(decided.offset(0));
        log.readTo(end);
        return log.current();
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
