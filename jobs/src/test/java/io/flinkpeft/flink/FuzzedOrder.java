package io.flinkpeft.flink;

import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.fuzz.PlantedFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.streaming.api.watermark.Watermark;

/** The operators that bring events into order, in Flink's harness; nothing in that of arrival. */
final class FuzzedOrder implements AutoCloseable {

    private final TrainerHarness.Backend backend;
    private final EventOrder order;
    private final PlantedFault fault;
    private final Random pieces = new Random(0); // a checkpoint may come amid a watermark's turns
    private final List<Rejected> rejected = new ArrayList<>();
    private OrderHarness harness;

    FuzzedOrder(TrainerHarness.Backend backend, EventOrder order, PlantedFault fault)
            throws Exception {
        this.backend = backend;
        this.fault = fault;
        this.order =
                fault == PlantedFault.LATE_TOO_SOON
                        ? order.withOutOfOrderness(Duration.ZERO)
                        : order;
        harness = sorts() ? OrderHarness.start(backend, this.order) : null;
    }

    private boolean sorts() {
        return order.kind() == EventOrder.Kind.EVENT_TIME;
    }

    /** What goes on at once: nothing but in the order of arrival. */
    List<TrainingEvent> process(TrainingEvent event) throws Exception {
        if (!sorts() || fault == PlantedFault.ORDER_LOST) {
            return List.of(event);
        }
        harness.process(event);
        return List.of();
    }

    /** What a watermark lets go on: events, and watermarks. */
    List<Object> watermark(long millis) throws Exception {
        if (!sorts()) {
            return List.of(new Watermark(millis));
        }
        return harness.watermark(millis, pieces).newOutput();
    }

    /** What goes on at the end. */
    List<Object> end() throws Exception {
        return sorts() ? harness.endInput().newOutput() : List.of();
    }

    /** Goes on from a checkpoint. */
    void restart() throws Exception {
        if (sorts()) {
            var state = harness.snapshot();
            take();
            harness.close();
            harness = OrderHarness.restore(backend, order, state, 1);
        }
    }

    private void take() {
        harness.rejected().stream()
                .filter(
                        letter ->
                                fault != PlantedFault.LATE_LOST
                                        || letter.cause() != Rejected.Cause.LATE)
                .forEach(rejected::add);
    }

    /** What it refused. */
    List<Rejected> rejected() {
        if (sorts()) {
            take();
        }
        return rejected;
    }

    @Override
    public void close() {
        if (sorts()) {
            harness.close();
        }
    }
}
