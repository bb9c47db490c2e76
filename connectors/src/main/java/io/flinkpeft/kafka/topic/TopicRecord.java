package io.flinkpeft.kafka.topic;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record to be written to an adapter topic. Its arrays are not copied and must not be changed.
 *
 * @param adapterId decides the partition
 * @param key the record's key
 * @param headers in their order; a name may repeat
 * @param value null takes away what the key held
 */
public record TopicRecord(String adapterId, String key, List<Header> headers, byte[] value) {

    /**
     * A header.
     *
     * @param name its key
     * @param value its text
     */
    public record Header(String name, String value) {}

    public TopicRecord {
        headers = List.copyOf(headers);
    }

    /** The record for a topic with so many partitions. */
    public ProducerRecord<byte[], byte[]> toKafka(String topic, int partitions) {
        int partition = AdapterTopicFormat.partition(adapterId, partitions);
        var record = new ProducerRecord<>(topic, partition, utf8(key), value);
        headers.forEach(header -> record.headers().add(header.name(), utf8(header.value())));
        return record;
    }

    private boolean isRemoval() {
        return value == null;
    }

    /** About how many bytes it takes: those of its value and its headers' values. */
    public long bytes() {
        long bytes = isRemoval() ? 0 : value.length;
        for (Header header : headers) {
            bytes += header.value().length();
        }
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicRecord that
                && adapterId.equals(that.adapterId)
                && key.equals(that.key)
                && headers.equals(that.headers)
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return key + (isRemoval() ? " [taken away]" : " [" + value.length + " bytes]");
    }
}
