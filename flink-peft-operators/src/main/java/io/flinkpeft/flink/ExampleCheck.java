package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.train.EventJson;
import java.util.Optional;

/** What an example must be before it may wait for training. */
final class ExampleCheck {

    private ExampleCheck() {}

    /** The dead letter for an example that cannot be used; empty if it can. */
    static Optional<Rejected> reject(Example example) {
        try {
            AdapterIds.check(example.adapterId());
        } catch (IllegalArgumentException e) {
            return Optional.of(EventJson.rejected(example, e.getMessage()));
        }
        if (example.text() == null) {
            String reason = "Text (null) must be a string. Maybe an empty one.";
            return Optional.of(EventJson.rejected(example, reason));
        }
        return Optional.empty();
    }
}
