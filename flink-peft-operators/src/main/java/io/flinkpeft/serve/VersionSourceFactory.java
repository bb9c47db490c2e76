package io.flinkpeft.serve;

import java.util.Map;
import java.util.Set;

/** Opens one kind of {@link VersionSource}; found by {@link java.util.ServiceLoader}. */
public interface VersionSourceFactory {

    /** What the option {@code versions} must be for this factory, such as {@code kafka}. */
    String identifier();

    /** The option keys it must have, without the prefix {@code versions.}. */
    Set<String> requiredOptions();

    /** The option keys it may have; one that ends with {@code *} stands for all with its start. */
    Set<String> optionalOptions();

    /**
     * Opens a source that is not started.
     *
     * @param options keys without the prefix {@code versions.}
     * @throws IllegalArgumentException if a value cannot be used
     */
    VersionSource open(Map<String, String> options);
}
