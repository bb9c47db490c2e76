package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.flink.config.EventOrder.Kind;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class PartitionWatchTest {

    private final List<String> warnings = new ArrayList<>();

    private PartitionWatch watch(Kind order) {
        return new PartitionWatch(order, false, new UnregisteredMetricsGroup(), warnings::add);
    }

    @Test
    void aPartitionWithoutAnEventIsNamedOnce() {
        var watch = watch(Kind.EVENT_TIME);
        watch.assigned(List.of("t-0", "t-1", "t-2"));
        watch.event("t-0");
        watch.look();
        assertThat(warnings).as("it began just now").isEmpty();
        watch.event("t-2");
        watch.look();
        watch.look();
        assertThat(warnings)
                .containsExactly(
                        "Partitions [t-1] had no event since this reader started, so event time"
                                + " stands still and all adapters wait. Maybe write heartbeats into"
                                + " them, or set examples.idle-after.");
    }

    @Test
    void nothingWaitsWhereNoPartitionHasAnEvent() {
        var watch = watch(Kind.EVENT_TIME);
        watch.assigned(List.of("t-0", "t-1"));
        watch.look();
        watch.look();
        assertThat(warnings).isEmpty();
        watch.event("t-0");
        watch.look();
        assertThat(warnings).hasSize(1);
    }

    @Test
    void anotherReaderMayHaveEvents() {
        var group = new UnregisteredMetricsGroup();
        var watch = new PartitionWatch(Kind.EVENT_TIME, true, group, warnings::add);
        watch.assigned(List.of("t-0"));
        watch.look();
        watch.look();
        assertThat(warnings).hasSize(1);
    }

    @Test
    void inTheOrderOfArrivalNoPartitionHoldsOthersBack() {
        var watch = watch(Kind.ARRIVAL);
        watch.assigned(List.of("t-0", "t-1"));
        watch.event("t-0");
        watch.look();
        watch.look();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aPartitionThatIsAddedIsWarnedOfInTheOrderOfArrival() {
        var watch = watch(Kind.ARRIVAL);
        watch.assigned(List.of("t-0"));
        assertThat(warnings).isEmpty();
        watch.assigned(List.of());
        assertThat(warnings).isEmpty();
        watch.assigned(List.of("t-1"));
        assertThat(warnings)
                .containsExactly(
                        "Partitions [t-1] were added. Adapters whose keys moved there learn from"
                                + " two partitions, in an order that may be another in another run."
                                + " Maybe set train.order to event-time.");
    }

    @Test
    void inTheOrderOfEventTimeItIsNot() {
        var watch = watch(Kind.EVENT_TIME);
        watch.assigned(List.of("t-0"));
        watch.assigned(List.of("t-1"));
        assertThat(warnings).isEmpty();
    }
}
