package io.flinkpeft.predict;

import io.flinkpeft.serve.VersionSource;
import io.flinkpeft.train.Predictor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** The subscription and the loaded adapters of one configuration, and how many users it has. */
final class SharedAdapters {

    private final ServingConfig config;
    private final Function<ServingConfig, Predictor> predictors;
    private final ReentrantLock opening = new ReentrantLock();

    private Predictor predictor;
    private Optional<VersionSource> source = Optional.empty();
    private volatile ServingAdapters adapters;

    /** Guarded by the registry. */
    int users;

    SharedAdapters(ServingConfig config, Function<ServingConfig, Predictor> predictors) {
        this.config = config;
        this.predictors = predictors;
    }

    /** Subscribes and waits for the first versions, unless another user has done it. */
    void open(Duration bootstrapTimeout, ClassLoader classLoader) throws InterruptedException {
        opening.lockInterruptibly();
        try {
            if (adapters == null) {
                subscribe(bootstrapTimeout, classLoader);
            }
        } finally {
            opening.unlock();
        }
    }

    private void subscribe(Duration bootstrapTimeout, ClassLoader classLoader)
            throws InterruptedException {
        ServingAdapters fresh = null;
        try {
            source = VersionKinds.open(config.versions(), classLoader);
            predictor = predictors.apply(config);
            fresh = new ServingAdapters(predictor, config.adapterBytes(), this::askForEarlier);
            if (config.versions().kind().equals(VersionKinds.DIRECTORY)) {
                AdapterDirectories.list(
                                path(), config.versions().options().get(VersionKinds.ADAPTER))
                        .forEach(fresh::offer);
            }
            if (source.isPresent()) {
                source.get().start(fresh);
                source.get().awaitBootstrap(bootstrapTimeout);
            }
            adapters = fresh;
        } finally {
            if (adapters == null) {
                close(fresh);
            }
        }
    }

    private void askForEarlier(ServingAdapters asking, String adapterId, long step) {
        if (source.isPresent()) {
            source.get().earlier(adapterId, step);
        } else {
            AdapterDirectories.earlier(path(), adapterId, step)
                    .ifPresentOrElse(asking::offer, () -> asking.none(adapterId, step));
        }
    }

    private Path path() {
        return Path.of(config.versions().options().get(VersionKinds.PATH));
    }

    ServingConfig config() {
        return config;
    }

    ServingAdapters adapters() {
        return adapters;
    }

    /** Whether it can tell nothing more, so that a new user needs another one. */
    boolean hasFailed() {
        ServingAdapters opened = adapters;
        return opened != null && opened.hasFailed();
    }

    /** Ends the subscription and frees the adapters; the last user calls it. */
    void close() {
        close(adapters);
    }

    private void close(ServingAdapters opened) {
        source.ifPresent(VersionSource::close);
        source = Optional.empty();
        if (opened != null) {
            opened.close();
        }
        if (predictor != null) {
            predictor.close();
            predictor = null;
        }
    }
}
