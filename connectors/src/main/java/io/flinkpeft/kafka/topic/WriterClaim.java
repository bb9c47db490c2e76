package io.flinkpeft.kafka.topic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Who writes an adapter topic: one job, and who did before it.
 *
 * @param writer the id of the job; no other has it
 * @param job what people call it
 * @param ids its transactional ids
 * @param previous those of the writer before it, or {@link TransactionalIds#NONE}
 * @param shutOut how the ids begin of all that may not write any more, the last one last
 * @param partitions how many partitions the adapters are spread over; 0 if it does not say
 */
record WriterClaim(
        String writer,
        String job,
        TransactionalIds ids,
        TransactionalIds previous,
        List<String> shutOut,
        int partitions) {

    private static final int MAX_PARTITIONS = 1_000_000;

    WriterClaim {
        shutOut = List.copyOf(shutOut);
    }

    /** The record that says it. It lies in partition 0. */
    TopicRecord record() {
        var headers = new HeaderList(RecordKind.CLAIM);
        headers.add(AdapterTopicFormat.JOB, job)
                .add(AdapterTopicFormat.TRANSACTIONAL_IDS, ids.text())
                .add(AdapterTopicFormat.PARTITIONS, partitions);
        if (!previous.equals(TransactionalIds.NONE)) {
            headers.add(AdapterTopicFormat.PREVIOUS_TRANSACTIONAL_IDS, previous.text());
        }
        RepeatedHeaders.newest(AdapterTopicFormat.SHUT_OUT, shutOut)
                .forEach(base -> headers.add(AdapterTopicFormat.SHUT_OUT, base));
        byte[] value = writer.getBytes(StandardCharsets.UTF_8);
        TopicKey key = TopicKey.CLAIM;
        return new TopicRecord(key.adapterId(), key.text(), headers.checked(key.text()), value);
    }

    static WriterClaim read(HeaderReader headers, byte[] value) throws InvalidRecordException {
        var previous = new ArrayList<TransactionalIds>();
        for (String text : headers.all(AdapterTopicFormat.PREVIOUS_TRANSACTIONAL_IDS)) {
            previous.add(TransactionalIds.parse(text));
        }
        String partitions = AdapterTopicFormat.PARTITIONS;
        return new WriterClaim(
                new String(value, StandardCharsets.UTF_8),
                headers.one(AdapterTopicFormat.JOB),
                TransactionalIds.parse(headers.one(AdapterTopicFormat.TRANSACTIONAL_IDS)),
                previous.isEmpty() ? TransactionalIds.NONE : previous.get(0),
                headers.all(AdapterTopicFormat.SHUT_OUT),
                headers.all(partitions).isEmpty()
                        ? 0 // release 0.1 did not say it
                        : (int) headers.number(partitions, 1, MAX_PARTITIONS));
    }

    /** One that cannot be read: it is somebody's all the same. */
    static WriterClaim unreadable(String reason) {
        var nobody = TransactionalIds.NONE;
        return new WriterClaim("", "? [" + reason + "]", nobody, nobody, List.of(), 0);
    }

    /** Who has the topic, for messages. */
    String holder() {
        return "job " + job + " (transactional ids " + ids.base() + "-*)";
    }

    /** All that may still hold a transaction of a writer before this one. */
    List<String> before() {
        return previous.all();
    }

    /** Whether the writer with such ids was shut out, by this one or by one before it. */
    boolean shutsOut(TransactionalIds writer) {
        return previous.base().equals(writer.base()) || shutOut.contains(writer.base());
    }

    /** Whom the next one shuts out: those of this one, and this one. */
    List<String> shutOutBy(TransactionalIds next) {
        var all = new LinkedHashSet<>(shutOut);
        all.add(previous.base());
        all.remove(ids.base());
        all.add(ids.base());
        all.remove(TransactionalIds.NONE.base());
        all.remove(next.base());
        return List.copyOf(all);
    }
}
