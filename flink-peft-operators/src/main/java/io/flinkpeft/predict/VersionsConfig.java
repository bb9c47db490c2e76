package io.flinkpeft.predict;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where versions come from.
 *
 * @param kind {@link VersionKinds#NONE}, {@link VersionKinds#DIRECTORY} or the identifier of a
 *     {@link io.flinkpeft.serve.VersionSourceFactory}
 * @param options of that kind, keys without the prefix {@code versions.}; values may be secrets and
 *     never show in {@link #toString}
 */
public record VersionsConfig(String kind, Map<String, String> options) implements Serializable {

    public VersionsConfig {
        options = Map.copyOf(options);
    }

    /** The kind and the names of its options, without their values. */
    @Override
    public String toString() {
        return kind + new TreeMap<>(options).keySet();
    }
}
