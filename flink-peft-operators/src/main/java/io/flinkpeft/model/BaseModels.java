package io.flinkpeft.model;

import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.TorchDevice;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
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

    private static final Map<Key, Resident> RESIDENT = new HashMap<>();

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

    private static final class Resident {
        final BaseModel model;
        int users;

        Resident(BaseModel model) {
            this.model = model;
        }
    }

    /** A use of a resident model; closing it leaves the model in memory. */
    public static final class Lease implements AutoCloseable {
        private final Resident resident;
        private boolean closed;

        private Lease(Resident resident) {
            this.resident = resident;
        }

        /** The model. */
        public BaseModel model() {
            return resident.model;
        }

        @Override
        public void close() {
            synchronized (BaseModels.class) {
                if (!closed) {
                    closed = true;
                    resident.users--;
                }
            }
        }
    }

    /**
     * Shares a model, and loads it if it is not resident.
     *
     * @throws IllegalArgumentException if it cannot be loaded
     */
    public static synchronized Lease acquire(
            ModelDirectory directory, TorchDevice device, FrozenDtype dtype) {
        Key key = Key.of(directory, device, dtype);
        Resident resident = RESIDENT.get(key);
        if (resident == null) {
            freeUnused();
            long start = System.nanoTime();
            resident = new Resident(BaseModel.load(directory, device, dtype));
            RESIDENT.put(key, resident);
            LOG.info(
                    "Loaded base model {} ({}) to {} in {} ms.",
                    directory.path(),
                    dtype.label(),
                    device,
                    (System.nanoTime() - start) / 1_000_000);
        }
        resident.users++;
        return new Lease(resident);
    }

    private static void freeUnused() {
        Iterator<Resident> all = RESIDENT.values().iterator();
        while (all.hasNext()) {
            Resident resident = all.next();
            if (resident.users == 0) {
                all.remove();
                resident.model.close();
            }
        }
    }
}
