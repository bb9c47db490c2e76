package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
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
            return Optional.of(EventJson.rejected(event, e.getMessage()));
        }
        if (event instanceof Example example && example.text() == null) {
            String reason = "Text (null) must be a string. Maybe an empty one.";
            return Optional.of(EventJson.rejected(event, reason));
        }
        return Optional.empty();
    }
}
