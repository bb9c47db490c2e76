package io.flinkpeft.kafka;

import io.flinkpeft.kafka.PublishedVersions.Kept;
import io.flinkpeft.kafka.topic.TopicPublisher;
import io.flinkpeft.kafka.topic.VersionHead;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * Brings the states of this subtask's adapters up to what the topic holds, and remembers the
 * pointers that were set meanwhile.
 */
final class TopicTail implements TopicPublisher.Listener {

    private static final long NONE = -1;

    /** Makes an adapter the current key; false if it is another subtask's. */
    interface Keys extends Predicate<String> {}

    private interface Change {
        void run() throws Exception;
    }

    private final PublishedVersions states;
    private final Keys keys;
    private final Map<String, Long> pointers = new HashMap<>();

    TopicTail(PublishedVersions states, Keys keys) {
        this.states = states;
        this.keys = keys;
    }

    @Override
    public void version(VersionHead head) {
        at(
                head.adapterId(),
                () -> states.keep(new Kept(head.step(), head.chunks(), head.sha256())));
    }

    @Override
    public void removed(String adapterId, long step) {
        at(
                adapterId,
                () -> {
                    states.forget(step);
                    states.reached(step);
                });
    }

    @Override
    public void pointer(String adapterId, long step) {
        at(adapterId, () -> pointers.put(adapterId, step));
    }

    @Override
    public void pointerRemoved(String adapterId) {
        pointer(adapterId, NONE);
    }

    /** Whether somebody took the pointer back, or away, since the state was written. */
    boolean isTakenBack(String adapterId) throws Exception {
        Long pointer = pointers.get(adapterId);
        return pointer != null && !Objects.equals(pointer, newestKept());
    }

    private Long newestKept() throws Exception {
        var kept = states.kept();
        return kept.isEmpty() ? null : kept.get(kept.size() - 1).step();
    }

    private void at(String adapterId, Change change) {
        if (!keys.test(adapterId)) {
            return;
        }
        try {
            change.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new FlinkRuntimeException("State of " + adapterId + " must be readable.", e);
        }
    }
}
