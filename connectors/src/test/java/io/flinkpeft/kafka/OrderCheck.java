package io.flinkpeft.kafka;

import io.flinkpeft.event.TrainingEvent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Checks that the events of each adapter come one after the other, none left out and none twice:
 * their event times count them. It is as slow as it is told.
 */
final class OrderCheck extends KeyedProcessFunction<String, TrainingEvent, Void> {

    /** The time of the first event of each adapter. */
    static final long START = 1_790_000_000_000L;

    private static final Map<String, String> WRONG = new ConcurrentHashMap<>();
    private static final Map<String, Long> LAST = new ConcurrentHashMap<>();
    private static final AtomicLong SEEN = new AtomicLong();

    private final Duration delay;
    private transient ValueState<Long> last;

    OrderCheck(Duration delay) {
        this.delay = delay;
    }

    static void reset() {
        WRONG.clear();
        LAST.clear();
        SEEN.set(0);
    }

    /** What came out of order, by adapter. */
    static Map<String, String> wrong() {
        return Map.copyOf(WRONG);
    }

    /** The number of the last event of each adapter. */
    static Map<String, Long> last() {
        return Map.copyOf(LAST);
    }

    /** How many events were seen. */
    static long seen() {
        return SEEN.get();
    }

    @Override
    public void open(OpenContext context) {
        var descriptor = new ValueStateDescriptor<>("last", Long.class);
        last = getRuntimeContext().getState(descriptor);
    }

    @Override
    public void processElement(TrainingEvent event, Context context, Collector<Void> out)
            throws Exception {
        long number = event.timestampMillis() - START;
        long before = last.value() == null ? -1 : last.value();
        if (number != before + 1) {
            WRONG.putIfAbsent(event.adapterId(), number + " behind " + before);
        }
        last.update(number);
        LAST.put(event.adapterId(), number);
        SEEN.incrementAndGet();
        LockSupport.parkNanos(delay.toNanos());
    }
}
