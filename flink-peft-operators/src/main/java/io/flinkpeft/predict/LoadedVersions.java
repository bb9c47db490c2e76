package io.flinkpeft.predict;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Which adapters are loaded, within a bound of bytes. Guarded by the {@link ServingAdapters} that
 * owns it.
 */
final class LoadedVersions {

    private final long capacityBytes;

    /** The adapters with a loaded adapter, the least recently used first. */
    private final LinkedHashMap<String, ServedAdapter> adapters =
            new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    LoadedVersions(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    int size() {
        return adapters.size();
    }

    boolean isFull() {
        return bytes >= capacityBytes;
    }

    /** Makes an adapter the most recently used. */
    void touch(String adapterId) {
        adapters.get(adapterId);
    }

    /** Installs a loaded version of an adapter; who is used least leaves for it. */
    void install(ServedAdapter adapter, LoadedVersion loaded) {
        var before = adapter.install(loaded);
        adapters.put(loaded.origin().adapterId(), adapter);
        bytes += loaded.bytes();
        before.ifPresent(this::release);
        while (bytes > capacityBytes && adapters.size() > 1) {
            evict(adapters.keySet().iterator().next());
        }
    }

    /** Unloads an adapter, once it is used no more. */
    void evict(String adapterId) {
        Optional.ofNullable(adapters.remove(adapterId))
                .ifPresent(
                        adapter -> {
                            adapter.loaded.ifPresent(this::release);
                            adapter.loaded = Optional.empty();
                        });
    }

    private void release(LoadedVersion loaded) {
        bytes -= loaded.bytes();
        loaded.release();
    }

    void evictAll() {
        List.copyOf(adapters.keySet()).forEach(this::evict);
    }
}
