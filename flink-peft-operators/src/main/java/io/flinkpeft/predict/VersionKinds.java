package io.flinkpeft.predict;

import io.flinkpeft.serve.VersionSource;
import io.flinkpeft.serve.VersionSourceFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** The kinds of places that versions come from, and the options each of them takes. */
public final class VersionKinds {

    /** No versions: the base model alone. */
    public static final String NONE = "none";

    /** PEFT directories, read once; see {@link AdapterDirectories}. */
    public static final String DIRECTORY = "directory";

    /** The directory's path. */
    public static final String PATH = "path";

    /** The id that a path which is itself a PEFT directory serves under. */
    public static final String ADAPTER = "adapter";

    private static final String PREFIX = "versions.";

    private VersionKinds() {}

    /**
     * Checks that the kind exists and takes the options; opens nothing.
     *
     * @throws IllegalArgumentException with the names of kinds or options that would do
     */
    public static void check(VersionsConfig versions, ClassLoader classLoader) {
        switch (versions.kind()) {
            case NONE -> check(versions, Set.of(), Set.of());
            case DIRECTORY -> check(versions, Set.of(PATH), Set.of(ADAPTER));
            default -> {
                var factory = factory(versions.kind(), classLoader);
                check(versions, factory.requiredOptions(), factory.optionalOptions());
            }
        }
    }

    /** Opens the source of a kind that has one, without starting it. */
    static Optional<VersionSource> open(VersionsConfig versions, ClassLoader classLoader) {
        check(versions, classLoader);
        return switch (versions.kind()) {
            case NONE, DIRECTORY -> Optional.empty();
            default -> Optional.of(factory(versions.kind(), classLoader).open(versions.options()));
        };
    }

    private static VersionSourceFactory factory(String kind, ClassLoader classLoader) {
        var known = new TreeSet<>(Set.of(NONE, DIRECTORY));
        for (var factory : ServiceLoader.load(VersionSourceFactory.class, classLoader)) {
            if (factory.identifier().equals(kind)) {
                return factory;
            }
            known.add(factory.identifier());
        }
        throw new IllegalArgumentException(
                "versions ("
                        + kind
                        + ") must be one of "
                        + known
                        + ". Maybe the connector's jar is missing on the class path.");
    }

    private static void check(VersionsConfig versions, Set<String> required, Set<String> optional) {
        var missing = new TreeSet<>(required);
        missing.removeAll(versions.options().keySet());
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "versions (" + versions.kind() + ") must have " + prefixed(missing) + ".");
        }
        var known = new HashSet<>(required);
        known.addAll(optional);
        var unknown = new TreeSet<>(versions.options().keySet());
        unknown.removeIf(key -> known.stream().anyMatch(pattern -> matches(pattern, key)));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "versions ("
                            + versions.kind()
                            + ") does not know "
                            + prefixed(unknown)
                            + ", it takes "
                            + prefixed(new TreeSet<>(known))
                            + ".");
        }
    }

    private static boolean matches(String pattern, String key) {
        return pattern.endsWith("*")
                ? key.startsWith(pattern.substring(0, pattern.length() - 1))
                : key.equals(pattern);
    }

    private static List<String> prefixed(Set<String> keys) {
        var names = new ArrayList<String>();
        keys.forEach(key -> names.add(PREFIX + key));
        return names;
    }
}
