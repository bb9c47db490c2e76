package io.flinkpeft.kafka;

import static io.flinkpeft.json.UnusableRecordException.shown;

import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.json.RecordField;
import io.flinkpeft.json.RecordFields;
import io.flinkpeft.json.UnusableRecordException;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * When an event happened: what its record says, or else the record's own time. What a record says
 * must not be far ahead of the time that Kafka has of it, and a number must not be so small that it
 * is one of seconds. No clock is read, so the decision is the same whenever the record is read.
 */
final class EventTimes {

    private static final long FIRST_MILLIS = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST_MILLIS = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

    private final long maxAheadMillis;
    private final long minTimestamp;
    private final Counter ahead;

    /**
     * Reads times.
     *
     * @param ahead counts records that are too far ahead
     */
    EventTimes(ExampleLimits limits, Counter ahead) {
        this.maxAheadMillis = limits.maxAhead().toMillis();
        this.minTimestamp = limits.minTimestamp();
        this.ahead = ahead;
    }

    long of(RecordFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        Object value = fields.value(RecordField.TIMESTAMP);
        if (value == null) {
            return checked(BigInteger.valueOf(record.timestamp()));
        }
        long millis = value instanceof BigInteger number ? counted(number) : parsed((String) value);
        checkAhead(millis, record.timestamp());
        return millis;
    }

    /** Seconds would be taken for days of 1970, and nothing else would tell. */
    private long counted(BigInteger millis) throws UnusableRecordException {
        if (millis.compareTo(BigInteger.valueOf(minTimestamp)) < 0) {
            throw new UnusableRecordException(
                    Cause.TIME,
                    "Field timestamp ("
                            + shown(millis.toString())
                            + ") must be milliseconds since the epoch, at least"
                            + " examples.min-timestamp ("
                            + minTimestamp
                            + "). Maybe it is in seconds.");
        }
        return checked(millis);
    }

    /** A record of an old format has no time (-1), and nothing can be said. */
    private void checkAhead(long millis, long recordMillis) throws UnusableRecordException {
        if (recordMillis >= 0 && millis - recordMillis > maxAheadMillis) {
            ahead.inc();
            throw new UnusableRecordException(
                    Cause.TIME,
                    "Field timestamp ("
                            + millis
                            + ") must be at most examples.max-ahead ("
                            + maxAheadMillis
                            + " ms) after the time that Kafka has of its record ("
                            + recordMillis
                            + ").");
        }
    }

    private static long parsed(String text) throws UnusableRecordException {
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return checked(BigInteger.valueOf(instant.toEpochMilli()));
        } catch (DateTimeException | ArithmeticException e) {
            throw new UnusableRecordException(
                    Cause.TIME,
                    "Field timestamp ("
                            + shown(text)
                            + ") must be ISO-8601 with an offset, such as 2026-11-21T10:15:30Z.");
        }
    }

    private static long checked(BigInteger millis) throws UnusableRecordException {
        if (millis.compareTo(BigInteger.valueOf(FIRST_MILLIS)) < 0
                || millis.compareTo(BigInteger.valueOf(LAST_MILLIS)) > 0) {
            throw new UnusableRecordException(
                    Cause.TIME,
                    "Field timestamp ("
                            + shown(millis.toString())
                            + ") must lie in the years 1 to 9999.");
        }
        return millis.longValue();
    }
}
