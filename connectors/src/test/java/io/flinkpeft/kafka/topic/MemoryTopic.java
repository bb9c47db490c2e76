package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.Sha256;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;

/**
 * An adapter topic in memory, with Kafka's transactions: records lie in the log before they are
 * committed, a commit takes an offset of its own, who takes a transactional id ends what the one
 * before left open, and so does who waits behind it, as if its timeout had come. For several
 * writers, not for several threads.
 */
public final class MemoryTopic {

    /** The name of all of them. */
    public static final AdapterTopic ADDRESS = AdapterTopic.at("memory:1", "adapters");

    private static final Duration NEVER_IDLE = Duration.ofDays(1);

    private enum Status {
        OPEN,
        COMMITTED,
        ABORTED
    }

    private static final class Transaction {
        private Status status = Status.OPEN;
    }

    /** The record is null where a transaction ends. */
    private record Entry(ConsumerRecord<byte[], byte[]> record, Transaction transaction) {}

    private final List<List<Entry>> partitions = new ArrayList<>();
    private final Map<String, Transaction> open = new HashMap<>();
    private final Map<String, Integer> epochs = new HashMap<>();
    private final Map<Integer, Runnable> interruptions = new TreeMap<>();
    private int generation;
    private int moments;

    /** An empty topic. */
    public MemoryTopic(int partitions) {
        for (int i = 0; i < partitions; i++) {
            this.partitions.add(new ArrayList<>());
        }
    }

    /** What a subtask writes it with. */
    public TopicPublisher publisher(TopicWriter.Settings settings, TopicWriter self) {
        return new TopicPublisher(settings, self, log(), NEVER_IDLE);
    }

    TopicLog log() {
        return new Log();
    }

    /** Deletes it, and creates one of the same name. */
    public void makeAnew() {
        partitions.forEach(List::clear);
        open.clear();
        generation++;
    }

    /**
     * How many moments there were at which a writer may die: before each record, before each commit
     * and behind it.
     */
    public int moments() {
        return moments;
    }

    /** Does something at a moment, counted from 0; if it throws, the writer stops there. */
    public void interrupt(int moment, Runnable action) {
        interruptions.put(moment, action);
    }

    private void moment() {
        Runnable action = interruptions.remove(moments++);
        if (action != null) {
            action.run();
        }
    }

    /** Writes as a tool does, which claims nothing. */
    public void write(TopicRecord... records) {
        try (var tool = log().transactions("tool", NEVER_IDLE)) {
            tool.write(partitions.size(), out -> List.of(records).forEach(out));
        }
    }

    /** The keys of all records that were committed, in their order; what takes away has a minus. */
    public List<String> committed() {
        var all = new ArrayList<String>();
        forEachCommitted(record -> all.add((record.value() == null ? "-" : "") + key(record)));
        return all;
    }

    /** What a compacted topic holds: values by key, a pointer's as the step it names. */
    public Map<String, String> content() {
        var content = new TreeMap<String, String>();
        forEachCommitted(
                record -> {
                    if (record.value() == null) {
                        content.remove(key(record));
                    } else {
                        content.put(key(record), value(record));
                    }
                });
        content.remove(TopicKey.CLAIM.text());
        return content;
    }

    private static String value(ConsumerRecord<byte[], byte[]> record) {
        return key(record).contains("@") ? Sha256.of(record.value()) : new String(record.value());
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key());
    }

    private void forEachCommitted(Consumer<ConsumerRecord<byte[], byte[]>> action) {
        for (List<Entry> partition : partitions) {
            partition.stream().filter(MemoryTopic::isCommitted).map(Entry::record).forEach(action);
        }
    }

    private static boolean isCommitted(Entry entry) {
        return entry.record() != null && entry.transaction().status == Status.COMMITTED;
    }

    private void append(ProducerRecord<byte[], byte[]> sent, Transaction transaction) {
        List<Entry> log = partitions.get(sent.partition());
        var record =
                new ConsumerRecord<>(
                        sent.topic(),
                        sent.partition(),
                        log.size(),
                        0,
                        TimestampType.CREATE_TIME,
                        -1,
                        -1,
                        sent.key(),
                        sent.value(),
                        sent.headers(),
                        Optional.empty());
        log.add(new Entry(record, transaction));
    }

    private void end(Transaction transaction, Status status) {
        transaction.status = status;
        for (List<Entry> log : partitions) {
            if (log.stream().anyMatch(entry -> entry.transaction() == transaction)) {
                log.add(new Entry(null, transaction));
            }
        }
    }

    private void giveUp(Transaction transaction) {
        for (var left : List.copyOf(open.entrySet())) {
            if (left.getValue() == transaction) {
                take(left.getKey());
            }
        }
    }

    private int take(String transactionalId) {
        Transaction left = open.remove(transactionalId);
        if (left != null) {
            end(left, Status.ABORTED);
        }
        return epochs.merge(transactionalId, 1, Integer::sum);
    }

    private final class Log implements TopicLog {

        @Override
        public TopicPlace committedEnds() {
            return place(true);
        }

        @Override
        public TopicPlace ends() {
            return place(false);
        }

        private TopicPlace place(boolean beforeOpen) {
            var ends = new HashMap<Integer, Long>();
            for (int i = 0; i < partitions.size(); i++) {
                long end = 0;
                for (Entry entry : partitions.get(i)) {
                    if (beforeOpen && entry.transaction().status == Status.OPEN) {
                        break;
                    }
                    end++;
                }
                ends.put(i, end);
            }
            return new TopicPlace("generation " + generation, ends);
        }

        @Override
        public void read(
                Map<Integer, Long> from,
                TopicPlace end,
                Duration patience,
                Consumer<ConsumerRecord<byte[], byte[]>> action) {
            from.forEach(
                    (partition, first) -> {
                        for (long i = first; i < end.offset(partition); i++) {
                            Entry entry = partitions.get(partition).get((int) i);
                            giveUp(entry.transaction());
                            if (isCommitted(entry)) {
                                action.accept(entry.record());
                            }
                        }
                    });
        }

        @Override
        public void shutOut(Collection<String> transactionalIds) {
            transactionalIds.forEach(MemoryTopic.this::take);
        }

        @Override
        public Transactions transactions(String transactionalId, Duration timeout) {
            return new Writer(transactionalId, take(transactionalId));
        }

        @Override
        public void close() {}
    }

    private final class Writer implements TopicLog.Transactions {

        private final String id;
        private final int epoch;

        Writer(String id, int epoch) {
            this.id = id;
            this.epoch = epoch;
        }

        @Override
        public void write(int spread, TopicPublisher.Content content) {
            var transaction = new Transaction();
            check();
            open.put(id, transaction);
            try {
                content.writeTo(
                        record -> {
                            moment();
                            check();
                            append(record.toKafka(ADDRESS.name(), spread), transaction);
                        });
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            moment();
            check();
            open.remove(id);
            end(transaction, Status.COMMITTED);
            moment();
        }

        private void check() {
            if (epochs.get(id) != epoch) {
                throw new ShutOutException(ADDRESS, null);
            }
        }

        /** What it left open stays so, as if its process had died. */
        @Override
        public void close() {}
    }
}
