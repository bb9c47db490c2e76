package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.file.PeftConfigJson;
import java.util.HashMap;
import java.util.Map;

/**
 * The setups of one trainer: that of its configuration, and one for each method that adapters were
 * given besides. All share one base model.
 */
final class TrainingSetups implements AutoCloseable {

    private final Map<String, TrainingSetup> others = new HashMap<>();
    private TrainingSetup configured;

    TrainingSetups(TrainingSetup configured) {
        this.configured = configured;
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
        if (settings.method() == null) {
            return configured;
        }
        PeftConfig method = PeftConfigJson.readUntrusted(settings.method());
        if (method.fingerprint().equals(configured.config().method().fingerprint())) {
            return configured;
        }
        TrainingSetup known = others.get(method.fingerprint());
        return known != null ? known : open(method);
    }

    private TrainingSetup open(PeftConfig method) {
        String dtype = configured.origin().numerics().dtype();
        TrainerConfig config = configured.config().withMethod(method).withDtype(dtype);
        TrainingSetup setup = TrainingSetup.of(config);
        try {
            setup.checkSize();
        } catch (RuntimeException e) {
            setup.close();
            throw e;
        }
        others.put(method.fingerprint(), setup);
        return setup;
    }

    /** Frees what they hold; the base model stays loaded for others. */
    @Override
    public void close() {
        others.values().forEach(TrainingSetup::close);
        others.clear();
        configured.close();
    }
}
