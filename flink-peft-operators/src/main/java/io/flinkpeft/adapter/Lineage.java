package io.flinkpeft.adapter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What an adapter was trained on, up to its present step.
 *
 * @param examples how many labelled examples it was trained on
 * @param maxTimestampMillis the largest event time among them; {@link Long#MIN_VALUE} if none
 * @param offsets the ranges they came from, by topic and partition; empty if they had no offsets
 * @param changes when its numerics changed, the oldest first; empty if they never did
 */
public record Lineage(
        long examples,
        long maxTimestampMillis,
        List<OffsetRange> offsets,
        List<NumericsChange> changes) {

    /** The lineage of an adapter that was never trained. */
    public static final Lineage NONE = new Lineage(0, Long.MIN_VALUE, List.of());

    public Lineage {
        offsets = List.copyOf(offsets);
        changes = List.copyOf(changes);
    }

    /** A lineage under the same numerics throughout. */
    public Lineage(long examples, long maxTimestampMillis, List<OffsetRange> offsets) {
        this(examples, maxTimestampMillis, offsets, List.of());
    }

    /** This lineage and one example more; the topic is null if it did not come from one. */
    public Lineage plus(long timestampMillis, String topic, int partition, long offset) {
        var ranges = topic == null ? offsets : plus(topic, partition, offset);
        long latest = Math.max(maxTimestampMillis, timestampMillis);
        return new Lineage(examples + 1, latest, ranges, changes);
    }

    /** This lineage and a change of numerics. */
    public Lineage plus(NumericsChange change) {
        var more = new ArrayList<>(changes);
        more.add(change);
        return new Lineage(examples, maxTimestampMillis, offsets, more);
    }

    private List<OffsetRange> plus(String topic, int partition, long offset) {
        var ranges = new ArrayList<>(offsets);
        for (int i = 0; i < ranges.size(); i++) {
            OffsetRange range = ranges.get(i);
            if (range.topic().equals(topic) && range.partition() == partition) {
                ranges.set(i, range.plus(offset));
                return ranges;
            }
        }
        ranges.add(new OffsetRange(topic, partition, offset, offset, 1));
        ranges.sort(Comparator.comparing(OffsetRange::topic).thenComparing(OffsetRange::partition));
        return ranges;
    }
}
