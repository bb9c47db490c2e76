package io.flinkpeft.kafka;

import io.flinkpeft.kafka.JsonFields.Field;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** When an event happened: what its record says, or else the record's own time. */
final class EventTimes {

    private static final long FIRST_MILLIS = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST_MILLIS = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

    private EventTimes() {}

    static long of(JsonFields fields, ConsumerRecord<byte[], byte[]> record)
            throws UnusableRecordException {
        return timestamp(fields.value(Field.TIMESTAMP), record.timestamp());
    }

    private static long timestamp(Object value, long recordMillis) throws UnusableRecordException {
        if (value == null) {
            return checked(BigInteger.valueOf(recordMillis));
        }
        if (value instanceof BigInteger number) {
            return checked(number);
        }
        try {
            Instant instant = OffsetDateTime.parse((String) value).toInstant();
            return checked(BigInteger.valueOf(instant.toEpochMilli()));
        } catch (DateTimeException | ArithmeticException e) {
            throw new UnusableRecordException(
                    "Field timestamp ("
                            + UnusableRecordException.shown((String) value)
                            + ") must be ISO-8601 with an offset, such as 2026-11-21T10:15:30Z.");
        }
    }

    private static long checked(BigInteger millis) throws UnusableRecordException {
        if (millis.compareTo(BigInteger.valueOf(FIRST_MILLIS)) < 0
                || millis.compareTo(BigInteger.valueOf(LAST_MILLIS)) > 0) {
            throw new UnusableRecordException(
                    "Field timestamp ("
                            + UnusableRecordException.shown(millis.toString())
                            + ") must lie in the years 1 to 9999.");
        }
        return millis.longValue();
    }
}
