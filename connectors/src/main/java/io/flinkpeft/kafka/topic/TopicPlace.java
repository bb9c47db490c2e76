package io.flinkpeft.kafka.topic;

import java.util.Map;

/**
 * A place in an adapter topic.
 *
 * @param topicId Kafka's id of the topic, which one of the same name that is made anew does not
 *     have; empty if it is not known
 * @param offsets of each partition; empty if nothing was read
 */
public record TopicPlace(String topicId, Map<Integer, Long> offsets) {

    /** In no topic yet. */
    public static final TopicPlace NONE = new TopicPlace("", Map.of());

    public TopicPlace {
        offsets = Map.copyOf(offsets);
    }

    long offset(int partition) {
        return offsets.getOrDefault(partition, 0L);
    }

    /** Whether it lies in the topic that ends there. Release 0.1 did not write the topic's id. */
    boolean isIn(TopicPlace end) {
        boolean same = topicId.isEmpty() || end.topicId.isEmpty() || topicId.equals(end.topicId);
        return same
                && offsets.entrySet().stream()
                        .allMatch(
                                at -> at.getValue() <= end.offsets.getOrDefault(at.getKey(), -1L));
    }
}
