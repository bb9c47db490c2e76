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

    private Optional<Predictor> predictor = Optional.empty();
    private Optional<VersionSource> source = Optional.empty();
    private volatile Optional<ServingAdapters> adapters = Optional.empty();

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
            if (adapters.isEmpty()) {
                subscribe(bootstrapTimeout, classLoader);
            }
        } finally {
            opening.unlock();
        }
    }

    private void subscribe(Duration bootstrapTimeout, ClassLoader classLoader)
            throws InterruptedException {
        Optional<ServingAdapters> begun = Optional.empty();
        try {
            source = VersionKinds.open(config.versions(), classLoader);
            var own = predictors.apply(config);
            predictor = Optional.of(own);
            var fresh = new ServingAdapters(own, config.adapterBytes(), this::askForEarlier);
            begun = Optional.of(fresh);
            if (config.versions().kind().equals(VersionKinds.DIRECTORY)) {
                AdapterDirectories.list(
                                path(),
                                Optional.ofNullable(
                                        config.versions().options().get(VersionKinds.ADAPTER)))
                        .forEach(fresh::offer);
            }
            if (source.isPresent()) {
                source.get().start(fresh);
                source.get().awaitBootstrap(bootstrapTimeout);
            }
            adapters = begun;
        } finally {
            if (adapters.isEmpty()) {
                close(begun);
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

    /** The adapters, once it is open. */
    ServingAdapters adapters() {
        return adapters.orElseThrow();
    }

    /** Whether it can tell nothing more, so that a new user needs another one. */
    boolean hasFailed() {
        return adapters.filter(ServingAdapters::hasFailed).isPresent();
    }

    /** Ends the subscription and frees the adapters; the last user calls it. */
    void close() {
        close(adapters);
    }

    private void close(Optional<ServingAdapters> opened) {
        source.ifPresent(VersionSource::close);
        source = Optional.empty();
        opened.ifPresent(ServingAdapters::close);
        predictor.ifPresent(Predictor::close);
        predictor = Optional.empty();
    }
}
