package io.flinkpeft.kafka.topic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Who writes an adapter topic: one job, and who did before it.
 *
 * @param writer the id of the job; no other has it
 * @param job what people call it
 * @param ids its transactional ids
 * @param previous those of the writer before it, or {@link TransactionalIds#NONE}
 */
record WriterClaim(String writer, String job, TransactionalIds ids, TransactionalIds previous) {

    /** The record that says it. It lies in partition 0. */
    TopicRecord record() {
        var headers = new HeaderList(RecordKind.CLAIM);
        headers.add(AdapterTopicFormat.JOB, job)
                .add(AdapterTopicFormat.TRANSACTIONAL_IDS, ids.text());
        if (!previous.equals(TransactionalIds.NONE)) {
            headers.add(AdapterTopicFormat.PREVIOUS_TRANSACTIONAL_IDS, previous.text());
        }
        byte[] value = writer.getBytes(StandardCharsets.UTF_8);
        String key = TopicKey.CLAIM.toString();
        return new TopicRecord(key, key, headers.checked(key), value);
    }

    static WriterClaim read(HeaderReader headers, byte[] value) throws InvalidRecordException {
        var previous = new ArrayList<TransactionalIds>();
        for (String text : headers.all(AdapterTopicFormat.PREVIOUS_TRANSACTIONAL_IDS)) {
            previous.add(TransactionalIds.parse(text));
        }
        return new WriterClaim(
                new String(value, StandardCharsets.UTF_8),
                headers.one(AdapterTopicFormat.JOB),
                TransactionalIds.parse(headers.one(AdapterTopicFormat.TRANSACTIONAL_IDS)),
                previous.isEmpty() ? TransactionalIds.NONE : previous.get(0));
    }

    /** All that may still hold a transaction of a writer before this one. */
    List<String> before() {
        return previous.all();
    }
}
