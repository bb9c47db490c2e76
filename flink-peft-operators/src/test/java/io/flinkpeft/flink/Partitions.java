package io.flinkpeft.flink;

import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Partitions as a source reads them: any of them next, each with a watermark that begins anew with
 * the source; the least of them goes on. A source that starts again goes back to its offsets.
 */
final class Partitions {

    private final List<List<TrainingEvent>> logs;
    private final EventOrder order;
    private final int[] positions;
    private final long[] newest;

    Partitions(List<List<TrainingEvent>> logs, EventOrder order) {
        this.logs = logs;
        this.order = order;
        this.positions = new int[logs.size()];
        this.newest = new long[logs.size()];
        Arrays.fill(newest, Long.MIN_VALUE);
    }

    /** A source restored at these offsets. */
    Partitions restarted(int[] offsets) {
        var again = new Partitions(logs, order);
        System.arraycopy(offsets, 0, again.positions, 0, offsets.length);
        return again;
    }

    private long bound() {
        return order.outOfOrderness().toMillis();
    }

    int[] offsets() {
        return positions.clone();
    }

    boolean hasNext() {
        return IntStream.range(0, logs.size()).anyMatch(i -> positions[i] < logs.get(i).size());
    }

    /** The next event of some partition that has one. */
    TrainingEvent next(Random random) {
        int partition = random.nextInt(logs.size());
        while (positions[partition] == logs.get(partition).size()) {
            partition = (partition + 1) % logs.size();
        }
        TrainingEvent event = logs.get(partition).get(positions[partition]++);
        newest[partition] = Math.max(newest[partition], event.timestampMillis());
        return event;
    }

    /** What a source would say now: Long.MIN_VALUE while a partition had no event. */
    long watermark() {
        long least = Arrays.stream(newest).min().orElseThrow();
        return least == Long.MIN_VALUE ? least : least - bound() - 1;
    }

    /** The events that are not late by the records of their partition, in order. */
    List<TrainingEvent> inOrder() {
        var all = new ArrayList<TrainingEvent>();
        for (List<TrainingEvent> log : logs) {
            long newest = Long.MIN_VALUE;
            for (TrainingEvent event : log) {
                if (newest == Long.MIN_VALUE || event.timestampMillis() >= newest - bound()) {
                    all.add(event);
                }
                newest = Math.max(newest, event.timestampMillis());
            }
        }
        all.sort(TrainingEvent.BY_EVENT_TIME);
        return all;
    }
}
