package io.flinkpeft.kafka.topic;

import static io.flinkpeft.kafka.topic.AdapterTopicFormat.LEFT_OUT;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.METRIC;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.NUMERICS_CHANGE;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.OFFSETS;

import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.OffsetRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * The headers of a version that repeat. A record has room for so many bytes of headers only, and no
 * version waits for ever because it was trained on many partitions: the offset ranges with the most
 * examples, the newest changes of numerics and the first metrics are written, and how many were
 * left out.
 */
final class RepeatedHeaders {

    /** The most bytes of metrics, and of changes; what is left is for offsets. */
    private static final long MOST = AdapterTopicFormat.MAX_HEADER_BYTES / 5;

    /** For three headers that say what was left out. */
    private static final long RESERVE = 200;

    /** The most examples first. */
    private static final Comparator<OffsetRange> BY_COUNT =
            Comparator.comparingLong(OffsetRange::count)
                    .reversed()
                    .thenComparing(OffsetRange::topic)
                    .thenComparing(OffsetRange::partition);

    private RepeatedHeaders() {}

    static void add(Lineage lineage, Map<String, Double> metrics, HeaderList headers) {
        var measured = new ArrayList<String>(metrics.size());
        metrics.forEach((name, value) -> measured.add(value + " " + name));
        List<String> metricTexts = fitting(METRIC, measured, MOST);
        List<String> changes = newest(NUMERICS_CHANGE, NumericsChanges.write(lineage.changes()));
        long room =
                headers.room()
                        - bytes(METRIC, metricTexts)
                        - bytes(NUMERICS_CHANGE, changes)
                        - RESERVE;
        List<String> offsets = offsets(lineage.offsets(), room);
        offsets.forEach(text -> headers.add(OFFSETS, text));
        changes.forEach(text -> headers.add(NUMERICS_CHANGE, text));
        metricTexts.forEach(text -> headers.add(METRIC, text));
        leaveOut(OFFSETS, lineage.offsets().size() - offsets.size(), headers);
        leaveOut(NUMERICS_CHANGE, lineage.changes().size() - changes.size(), headers);
        leaveOut(METRIC, metrics.size() - metricTexts.size(), headers);
    }

    /** In the order of the lineage. */
    private static List<String> offsets(List<OffsetRange> ranges, long room) {
        var largest = ranges.stream().sorted(BY_COUNT).map(RepeatedHeaders::text).toList();
        var chosen = new HashSet<>(fitting(OFFSETS, largest, room));
        return ranges.stream().map(RepeatedHeaders::text).filter(chosen::contains).toList();
    }

    /** The last of the texts, as many as fit. */
    static List<String> newest(String name, List<String> texts) {
        var reversed = new ArrayList<>(texts);
        Collections.reverse(reversed);
        var fitting = new ArrayList<>(fitting(name, reversed, MOST));
        Collections.reverse(fitting);
        return fitting;
    }

    /** The first of the texts, as many as fit. */
    private static List<String> fitting(String name, List<String> texts, long room) {
        long left = room;
        for (int i = 0; i < texts.size(); i++) {
            left -= HeaderList.bytes(name, texts.get(i));
            if (left < 0) {
                return texts.subList(0, i);
            }
        }
        return texts;
    }

    private static long bytes(String name, List<String> texts) {
        return texts.stream().mapToLong(text -> HeaderList.bytes(name, text)).sum();
    }

    private static void leaveOut(String name, int count, HeaderList headers) {
        if (count > 0) {
            headers.add(LEFT_OUT, count + " " + name);
        }
    }

    private static String text(OffsetRange range) {
        return range.partition()
                + " "
                + range.first()
                + " "
                + range.last()
                + " "
                + range.count()
                + " "
                + range.topic();
    }
}
