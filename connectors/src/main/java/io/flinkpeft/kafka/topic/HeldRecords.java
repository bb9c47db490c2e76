package io.flinkpeft.kafka.topic;

import java.util.List;

/**
 * What a topic holds of an adapter, whoever wrote it.
 *
 * @param oldest the smallest step of a version or of a part of one; {@link Long#MAX_VALUE} if there
 *     is none
 * @param removals records that take all of it away, the pointer first
 */
public record HeldRecords(long oldest, List<TopicRecord> removals) {

    /** Of an adapter that the topic does not know. */
    public static final HeldRecords NONE = new HeldRecords(Long.MAX_VALUE, List.of());

    public HeldRecords {
        removals = List.copyOf(removals);
    }
}
