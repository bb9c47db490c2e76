package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.train.EventJson;
import java.util.Optional;

/** What an event must be before it may wait for its turn. */
final class EventCheck {

    private EventCheck() {}

    /** The dead letter for an event that cannot be used; empty if it can. */
    static Optional<Rejected> reject(TrainingEvent event) {
        try {
            AdapterIds.check(event.adapterId());
        } catch (IllegalArgumentException e) {
            return Optional.of(EventJson.rejected(event, Cause.ADAPTER, e.getMessage()));
        }
        if (event instanceof Feedback feedback) {
            return Optional.of(EventJson.rejected(event, Cause.FEEDBACK, inArrivalOrder(feedback)));
        }
        if (event instanceof Example example && example.text() == null) {
            String reason = "Text (null) must be a string. Maybe an empty one.";
            return Optional.of(EventJson.rejected(event, Cause.EXAMPLE, reason));
        }
        return Optional.empty();
    }

    /** In the order of event time it would not have come here. */
    private static String inArrivalOrder(Feedback feedback) {
        return feedback.description()
                + " must come with its text where train.order is arrival. Maybe set train.order to"
                + " event-time.";
    }
}
