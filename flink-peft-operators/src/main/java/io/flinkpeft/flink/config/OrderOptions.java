package io.flinkpeft.flink.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;

/** The options of {@link EventOrder}. */
public final class OrderOptions {

    private static final EventOrder DEFAULT = EventOrder.ARRIVAL;

    /** {@code train.order}. */
    public static final ConfigOption<EventOrder.Kind> ORDER =
            key("train.order")
                    .enumType(EventOrder.Kind.class)
                    .defaultValue(DEFAULT.kind())
                    .withDescription(
                            "In which order an adapter learns: arrival, for adapters whose examples"
                                    + " come from one partition, or event-time.");

    /** {@code train.out-of-orderness}. */
    public static final ConfigOption<Duration> OUT_OF_ORDERNESS =
            key("train.out-of-orderness")
                    .durationType()
                    .defaultValue(DEFAULT.outOfOrderness())
                    .withDescription(
                            "How much older an event may be than one before it in its partition;"
                                    + " older ones are late in the order event-time.");

    /** {@code train.label-wait}. */
    public static final ConfigOption<Duration> LABEL_WAIT =
            key("train.label-wait")
                    .durationType()
                    .defaultValue(DEFAULT.labelWait())
                    .withDescription(
                            "Event time for which an example waits for a label or a retraction that"
                                    + " follows it, and all of its adapter with it.");

    /** {@code train.id-horizon}. */
    public static final ConfigOption<Duration> ID_HORIZON =
            key("train.id-horizon")
                    .durationType()
                    .defaultValue(DEFAULT.idHorizon())
                    .withDescription(
                            "Event time within which an example with the id of another one is a"
                                    + " duplicate.");

    private OrderOptions() {}
}
