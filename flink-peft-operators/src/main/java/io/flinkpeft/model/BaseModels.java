package io.flinkpeft.model;

import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.TorchDevice;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The base models resident in this process: one copy for all slots, kept while tasks restart. One
 * that nobody uses is freed when another is loaded.
 *
 * <p>Static state, because the process is what shares the memory.
 */
public final class BaseModels {

    private static final Logger LOG = LoggerFactory.getLogger(BaseModels.class);

    private static final Residents<Key, BaseModel> RESIDENT = new Residents<>(BaseModel::close);

    private BaseModels() {}

    private record Key(
            String tensors,
            String settings,
            Pooling pooling,
            TorchDevice device,
            FrozenDtype dtype) {

        static Key of(ModelDirectory directory, TorchDevice device, FrozenDtype dtype) {
            return new Key(
                    directory.hash(), directory.settingsHash(), directory.pooling(), device, dtype);
        }
    }

    /** A use of a resident model; closing it leaves the model in memory. */
    public static final class Lease implements AutoCloseable {
        private final Residents<Key, BaseModel>.Use use;

        private Lease(Residents<Key, BaseModel>.Use use) {
            this.use = use;
        }

        /** The model. */
        public BaseModel model() {
            return use.model();
        }

        @Override
        public void close() {
            use.close();
        }
    }

    /**
     * Shares a model, and loads it if it is not resident. Hashing and loading are done by threads
     * of their own.
     *
     * @throws IllegalArgumentException if it cannot be loaded
     * @throws CancellationException if the thread that waits is interrupted
     */
    public static Lease acquire(ModelDirectory directory, TorchDevice device, FrozenDtype dtype) {
        Key key = Residents.await(() -> Key.of(directory, device, dtype));
        return new Lease(RESIDENT.acquire(key, () -> load(directory, device, dtype)));
    }

    private static BaseModel load(ModelDirectory directory, TorchDevice device, FrozenDtype dtype) {
        long start = System.nanoTime();
        var model = BaseModel.load(directory, device, dtype);
        directory.notes().forEach(note -> LOG.warn("{}", note));
        LOG.info(
                "Loaded base model {} ({}) to {} in {} ms.",
                directory.path(),
                dtype.label(),
                device,
                (System.nanoTime() - start) / 1_000_000);
        return model;
    }
}
