package io.flinkpeft.adapter;

/**
 * The offsets of one partition that an adapter was trained on lie in this range.
 *
 * @param topic the topic
 * @param partition the partition
 * @param first the smallest offset trained on
 * @param last the largest offset trained on, inclusive
 * @param count how many records of the range were the adapter's
 */
public record OffsetRange(String topic, int partition, long first, long last, long count) {

    OffsetRange plus(long offset) {
        return new OffsetRange(
                topic, partition, Math.min(first, offset), Math.max(last, offset), count + 1);
    }
}
