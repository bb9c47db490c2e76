package io.flinkpeft.testing;

import io.flinkpeft.serve.VersionSource;
import io.flinkpeft.serve.VersionSourceFactory;
import java.util.Map;
import java.util.Set;

/** Opens {@link MemoryVersions}. */
public final class MemoryVersionsFactory implements VersionSourceFactory {

    @Override
    public String identifier() {
        return "memory";
    }

    @Override
    public Set<String> requiredOptions() {
        return Set.of("topic");
    }

    @Override
    public Set<String> optionalOptions() {
        return Set.of("properties.*");
    }

    @Override
    public VersionSource open(Map<String, String> options) {
        return MemoryVersions.topic(options.get("topic")).source();
    }
}
