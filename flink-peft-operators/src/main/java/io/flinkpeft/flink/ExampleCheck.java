package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What an example must be before it may wait for training. */
final class ExampleCheck {

    private ExampleCheck() {}

    /** The dead letter for an example that cannot be used; empty if it can. */
    static Optional<Rejected> reject(Example example) {
        try {
            AdapterIds.check(example.adapterId());
        } catch (IllegalArgumentException e) {
            return Optional.of(rejected(example, e.getMessage()));
        }
        if (example.text() == null) {
            return Optional.of(
                    rejected(example, "Text (null) must be a string. Maybe an empty one."));
        }
        return Optional.empty();
    }

    private static Rejected rejected(Example example, String reason) {
        return new Rejected(
                reason,
                example.adapterId(),
                example.topic(),
                example.partition(),
                example.offset(),
                example.timestampMillis(),
                String.valueOf(example.text()).getBytes(StandardCharsets.UTF_8));
    }
}
