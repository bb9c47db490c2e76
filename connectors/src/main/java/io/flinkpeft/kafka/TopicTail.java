package io.flinkpeft.kafka;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.PublishedVersions.Kept;
import io.flinkpeft.kafka.topic.TopicPublisher;
import io.flinkpeft.kafka.topic.VersionHead;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Brings the states of this subtask's adapters up to what the topic holds, and remembers the
 * pointers that were set meanwhile.
 */
final class TopicTail implements TopicPublisher.Listener {

    private static final long NONE = -1;

    /** The adapters that are this subtask's. */
    interface Keys {
        /** Makes an adapter the current key; false if it is another subtask's. */
        boolean enter(String adapterId);

        /** Does it for each adapter with versions in the topic, as the current key. */
        void forEachPublished(ThrowingRunnable<Exception> action) throws Exception;
    }

    private final PublishedVersions states;
    private final Keys keys;
    private final Map<String, Long> pointers = new HashMap<>();
    private boolean own = true;

    TopicTail(PublishedVersions states, Keys keys) {
        this.states = states;
        this.keys = keys;
    }

    /** Its versions are others' then, but for those that wait here too. */
    @Override
    public void anotherTopic() {
        own = false;
        change("all adapters", () -> keys.forEachPublished(states::forgetAll));
    }

    @Override
    public void version(VersionHead head) {
        at(
                head.adapterId(),
                () -> {
                    states.keep(new Kept(head.step(), head.chunks(), head.sha256()));
                    var waiting = states.waiting(head.step()).map(AdapterVersion::sha256);
                    if (own || waiting.equals(Optional.of(head.sha256()))) {
                        states.reached(head.step());
                    }
                });
    }

    @Override
    public void removed(String adapterId, long step) {
        at(
                adapterId,
                () -> {
                    states.forget(step);
                    if (own || states.waiting(step).isPresent()) {
                        states.reached(step);
                    }
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

    /**
     * Whether somebody took the pointer back, or away, since the state was written. Where it is
     * away and no version is left this job dropped the adapter itself.
     */
    boolean isTakenBack(String adapterId) throws Exception {
        long newest = states.newestKept();
        return newest >= 0 && pointers.getOrDefault(adapterId, newest) != newest;
    }

    private void at(String adapterId, ThrowingRunnable<Exception> change) {
        if (keys.enter(adapterId)) {
            change(adapterId, change);
        }
    }

    private static void change(String what, ThrowingRunnable<Exception> change) {
        try {
            change.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new FlinkRuntimeException("State of " + what + " must be readable.", e);
        }
    }
}
