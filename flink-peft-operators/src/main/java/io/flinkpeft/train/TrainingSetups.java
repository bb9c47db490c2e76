package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.file.PeftConfigJson;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The setups of one trainer: that of its configuration, and one for each method that adapters were
 * given besides. All share one base model.
 *
 * <p>A topic may name any number of methods. So those stay that adapters on the device have, and
 * the {@value #RECENT} that were asked for last; another is opened again when it is needed. A setup
 * follows from the method and the base, so this changes no byte.
 */
final class TrainingSetups implements AutoCloseable {

    /** How many stay that no adapter on the device has. */
    static final int RECENT = 16;

    /** A setup that goes when nobody has it; then its name goes too. */
    private static final class Open extends WeakReference<TrainingSetup> {
        private final String name;

        Open(String name, TrainingSetup setup, ReferenceQueue<TrainingSetup> gone) {
            super(setup, gone);
            this.name = name;
        }
    }

    private final Map<String, Open> open = new HashMap<>();
    private final ReferenceQueue<TrainingSetup> gone = new ReferenceQueue<>();
    private final Map<String, TrainingSetup> recent = new LinkedHashMap<>(RECENT, 0.75f, true);
    private final MethodRule methods;
    private TrainingSetup configured;

    TrainingSetups(TrainingSetup configured, MethodRule methods) {
        this.configured = configured;
        this.methods = methods;
    }

    /** That of the trainer's configuration. */
    TrainingSetup configured() {
        return configured;
    }

    /** Takes another one for the trainer's configuration, while there are no adapters yet. */
    void replaceConfigured(TrainingSetup other) {
        close();
        configured = other;
    }

    /**
     * That of an adapter.
     *
     * @throws IllegalArgumentException if its method cannot be read or used
     */
    TrainingSetup of(AdapterSettings settings) {
        if (!settings.ownMethod()) {
            return configured;
        }
        forgetGone();
        PeftConfig method = PeftConfigJson.readUntrusted(settings.method());
        String name = method.fingerprint();
        if (name.equals(configured.config().method().fingerprint())) {
            return configured;
        }
        TrainingSetup setup =
                Optional.ofNullable(open.get(name))
                        .map(Open::get)
                        .orElseGet(() -> opened(name, method));
        recent.put(name, setup);
        if (recent.size() > RECENT) {
            recent.remove(recent.keySet().iterator().next());
        }
        return setup;
    }

    private TrainingSetup opened(String name, PeftConfig method) {
        var setup = configured.with(method, methods);
        open.put(name, new Open(name, setup, gone));
        return setup;
    }

    /** How many methods have a setup in memory besides the configured one. */
    int size() {
        return open.size();
    }

    private void forgetGone() {
        for (var each = gone.poll(); each != null; each = gone.poll()) {
            open.remove(((Open) each).name, each);
        }
    }

    /** Frees what they hold; the base model stays loaded for others. */
    @Override
    public void close() {
        open.clear();
        recent.clear();
        configured.close();
    }
}
