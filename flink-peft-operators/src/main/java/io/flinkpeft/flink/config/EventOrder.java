package io.flinkpeft.flink.config;

import java.io.Serializable;
import java.time.Duration;

/**
 * In which order an adapter learns, and what belongs to one example.
 *
 * @param kind which order; default {@link Kind#ARRIVAL}
 * @param outOfOrderness how much older an event may be than one before it in its partition, at
 *     least 0; what is older is late; default 0
 * @param labelWait event time for which an example waits for a label or a retraction that follows
 *     it, and all events of the adapter with it, at least 0; default 0
 * @param idHorizon event time after which the id of an example may come again, at least 0; default
 *     1 hour
 */
public record EventOrder(Kind kind, Duration outOfOrderness, Duration labelWait, Duration idHorizon)
        implements Serializable {

    /** What decides who comes first. */
    public enum Kind {
        /** The order in which events come to the trainer. */
        ARRIVAL("arrival"),
        /** Event time, whatever partition an event comes from. */
        EVENT_TIME("event-time");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text; // as options name it
        }
    }

    /** The default. */
    public static final EventOrder ARRIVAL =
            new EventOrder(Kind.ARRIVAL, Duration.ZERO, Duration.ZERO, Duration.ofHours(1));

    /** Event time, and no example waits for a label. */
    public static final EventOrder EVENT_TIME = ARRIVAL.with(Kind.EVENT_TIME);

    public EventOrder {
        Durations.check("train.out-of-orderness", outOfOrderness, Durations.OF_EVENTS);
        Durations.check("train.label-wait", labelWait, Durations.OF_EVENTS);
        Durations.check("train.id-horizon", idHorizon, Durations.OF_EVENTS);
        if (kind == Kind.ARRIVAL && !labelWait.isZero()) {
            throw new IllegalArgumentException(
                    "train.label-wait ("
                            + labelWait
                            + ") must be 0 where train.order is arrival. Maybe set train.order to"
                            + " event-time.");
        }
    }

    /** These settings with another order. */
    public EventOrder with(Kind kind) {
        return new EventOrder(kind, outOfOrderness, labelWait, idHorizon);
    }

    /** These settings with another bound on what is late. */
    public EventOrder withOutOfOrderness(Duration outOfOrderness) {
        return new EventOrder(kind, outOfOrderness, labelWait, idHorizon);
    }

    /** These settings with another wait for labels. */
    public EventOrder withLabelWait(Duration labelWait) {
        return new EventOrder(kind, outOfOrderness, labelWait, idHorizon);
    }

    /** These settings with another horizon of ids. */
    public EventOrder withIdHorizon(Duration idHorizon) {
        return new EventOrder(kind, outOfOrderness, labelWait, idHorizon);
    }
}
