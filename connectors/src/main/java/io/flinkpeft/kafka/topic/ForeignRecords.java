package io.flinkpeft.kafka.topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records of an adapter topic that are none of ours: counted, and said in few lines. */
final class ForeignRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignRecords.class);

    private boolean reported;
    private long count;
    private String last;

    void add(ConsumerRecord<?, ?> record, InvalidRecordException reason) {
        count++;
        last =
                record.topic()
                        + "-"
                        + record.partition()
                        + "@"
                        + record.offset()
                        + ": "
                        + reason.getMessage();
        if (reported && Long.bitCount(count) == 1) {
            warn(); // the first, the second, the fourth and so on
        }
    }

    /** Says how many there were until now. */
    void report() {
        reported = true;
        if (count > 0) {
            warn();
        }
    }

    long count() {
        return count;
    }

    private void warn() {
        LOG.warn("Passed over {} records of others, the last at {}", count, last);
    }
}
