package io.flinkpeft.example.quickstart;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long it takes until what a record teaches is used: from the record's timestamp to the first
 * prediction in SQL by a version that was trained on it.
 *
 * @param millis by position; -1 where no such prediction followed, as at the end of a stream
 */
record Freshness(long[] millis) {

    static Freshness of(Observations seen) {
        return of(seen.producedMillis(), seen.versions(), seen.served());
    }

    static Freshness of(
            long[] producedMillis,
            List<Observations.Published> versions,
            List<Observations.Served> served) {
        Map<Long, Long> lastPositions = new HashMap<>();
        versions.forEach(v -> lastPositions.put(v.step(), v.lastPosition()));
        var inTime =
                served.stream()
                        .sorted(Comparator.comparingLong(Observations.Served::seenMillis))
                        .toList();
        long[] millis = new long[producedMillis.length];
        Arrays.fill(millis, -1);
        int next = 0;
        for (var prediction : inTime) {
            long last = lastPositions.getOrDefault(prediction.version(), -1L);
            while (next <= last && next < millis.length) {
                millis[next] = prediction.seenMillis() - producedMillis[next];
                next++;
            }
        }
        return new Freshness(millis);
    }

    /** A quantile of the positions from one to before another, in milliseconds; NaN if none. */
    double quantile(double q, int from, int to) {
        long[] known = Arrays.stream(millis, from, to).filter(m -> m >= 0).sorted().toArray();
        return known.length == 0
                ? Double.NaN
                : known[(int) Math.min(known.length - 1, Math.floor(q * known.length))];
    }

    /** How many positions have one. */
    int known() {
        return (int) Arrays.stream(millis).filter(m -> m >= 0).count();
    }
}
