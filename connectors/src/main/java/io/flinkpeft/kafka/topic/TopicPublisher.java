package io.flinkpeft.kafka.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes an adapter topic for a subtask of a job. Order of use: {@link #check} at the start; {@link
 * #begin} before the first transaction; {@link #publish}.
 *
 * <p>Not for several threads.
 */
public final class TopicPublisher implements AutoCloseable {

    /** Told what the topic holds that the state does not know, in the order of the log. */
    public interface Listener {
        /** The topic is not the one that the state knows: nothing of that is in it. */
        void anotherTopic();

        /** A version is there. */
        void version(VersionHead head);

        /** A version was taken away. */
        void removed(String adapterId, long step);

        /** This version was made current. */
        void pointer(String adapterId, long step);

        /** The adapter has no current version any more. */
        void pointerRemoved(String adapterId);
    }

    /** Kafka forgets the id of a producer that writes nothing for days; a new one asks again. */
    private static final Duration IDLE = Duration.ofHours(1);

    private final TopicWriter.Settings settings;
    private final TopicLog log;
    private final WriterClaims claims;
    private final TopicWriter self;
    private final Duration idle;

    private TopicPlace place;
    private TopicLog.Transactions producer;
    private long usedNanos;

    /** A publisher that has not written yet. */
    public TopicPublisher(TopicWriter.Settings settings, TopicWriter self) {
        this(settings, self, new KafkaTopicLog(settings.topic()), IDLE);
    }

    TopicPublisher(TopicWriter.Settings settings, TopicWriter self, TopicLog log, Duration idle) {
        this.settings = settings;
        this.self = self;
        this.idle = idle;
        this.log = log;
        this.claims = new WriterClaims(settings, self, log);
        this.place = self.before().place();
    }

    /**
     * Refuses a job whose topic another one writes.
     *
     * @throws RefusedWriterException that names the other
     */
    public void check() {
        claims.check();
    }

    /** Whether it may publish. */
    public boolean hasBegun() {
        return producer != null;
    }

    /**
     * Makes the job the topic's writer, ends what writers before it left open, and tells what they
     * wrote after the state.
     *
     * @throws RefusedWriterException if another job writes the topic
     */
    public void begin(Listener listener) {
        open();
        TopicPlace end = log.ends();
        Map<Integer, Long> known = self.before().offsetsIn(end);
        if (known.isEmpty()) {
            listener.anotherTopic();
        }
        var from = new HashMap<Integer, Long>();
        end.offsets().keySet().forEach(p -> from.put(p, known.getOrDefault(p, 0L)));
        log.read(from, end, settings.patience(), new TopicTeller(listener));
        place = end;
    }

    /**
     * Claims the topic and takes the transactional id. A claim of another that came between is seen
     * by the last look; one that comes later takes the id away.
     */
    private void open() {
        do {
            close(producer);
            claims.claim();
            String id = claims.ids().of(self.subtask());
            producer = log.transactions(id, settings.transactionTimeout());
        } while (!claims.isClaimed());
        usedNanos = System.nanoTime();
    }

    /** What a transaction writes, record by record. */
    public interface Content {
        /** Writes it. */
        void writeTo(Consumer<TopicRecord> out) throws Exception;
    }

    /**
     * Writes in one transaction.
     *
     * @throws RefusedWriterException that names the writer who shut this one out, if its claim is
     *     there already
     * @throws IllegalStateException if it is not yet, or Kafka does not take the records
     */
    public void publish(Content content) {
        if (System.nanoTime() - usedNanos > idle.toNanos()) {
            open();
        }
        TopicPlace end = log.committedEnds();
        checkSame(end);
        place = end;
        try {
            producer.write(claims.partitions(), content);
        } catch (ShutOutException e) {
            claims.check();
            throw e;
        }
        usedNanos = System.nanoTime();
    }

    private void checkSame(TopicPlace end) {
        if (!place.topicId().equals(end.topicId())) {
            throw new IllegalStateException(
                    "Adapter topic ("
                            + settings.topic().name()
                            + ") must stay the same while a job writes it, was made anew. The job"
                            + " reads it from its beginning when it restarts.");
        }
    }

    /**
     * What the topic holds of some adapters, by their ids, whoever wrote it. Reads their
     * partitions.
     */
    public Map<String, HeldRecords> held(Set<String> adapterIds) {
        var keys = new AdapterKeys(adapterIds);
        if (!adapterIds.isEmpty()) {
            var from = new HashMap<Integer, Long>();
            for (String id : adapterIds) {
                from.put(AdapterTopicFormat.partition(id, claims.partitions()), 0L);
            }
            log.read(from, log.committedEnds(), settings.patience(), keys);
        }
        return keys.held();
    }

    /** What lies before it is known. */
    public TopicPlace place() {
        return place;
    }

    /** For the state: who must not write any more. */
    public List<String> shutOut() {
        return claims.shutOut();
    }

    /** For the state: how many partitions adapters are spread over; 0 if it is not known. */
    public int partitions() {
        return claims.partitions();
    }

    /** For the state: the transactional ids it writes with. */
    public String transactionalIds() {
        return claims.ids().text();
    }

    private static void close(TopicLog.Transactions producer) {
        if (producer != null) {
            producer.close();
        }
    }

    @Override
    public void close() {
        close(producer);
        log.close();
    }
}
