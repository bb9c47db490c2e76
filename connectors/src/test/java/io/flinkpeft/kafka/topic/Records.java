package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/** Records of an adapter topic as a consumer would see them, without a broker. */
final class Records {

    private Records() {}

    /** What publishing writes: the version, cut into chunks, and its pointer. */
    static List<TopicRecord> published(AdapterVersion version, int chunkBytes) {
        var records = new ArrayList<>(new VersionRecords(chunkBytes).version(version));
        records.add(pointer(version));
        return records;
    }

    static TopicRecord pointer(AdapterVersion version) {
        return VersionRecords.pointer(version.adapterId(), version.step(), version.sha256());
    }

    static ConsumerRecord<byte[], byte[]> read(TopicRecord record, long offset) {
        var sent = record.toKafka("adapters", 1);
        return new ConsumerRecord<>(
                "adapters",
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty());
    }
}
