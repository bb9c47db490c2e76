package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.StoredVersions.Stored;
import java.util.Optional;

/** What is known of a version that was asked for. */
sealed interface Lookup {

    /** Nothing was seen of it. */
    Lookup UNSEEN = new Unseen();

    /** It is there whole, on disk. */
    record Found(Stored stored) implements Lookup {

        @Override
        public Optional<Stored> version() {
            return Optional.of(stored);
        }

        @Override
        public Lookup checked(TopicEntry.Pointer pointer) {
            if (stored.sha256().equals(pointer.sha256())) {
                return this;
            }
            return new Broken(
                    "Version "
                            + pointer.target()
                            + " with SHA-256 ("
                            + stored.sha256()
                            + ") must have the one its pointer names, "
                            + pointer.sha256()
                            + ".");
        }
    }

    /** Something of it was seen, and it is not there whole. */
    record Broken(String reason) implements Lookup {}

    /** See {@link #UNSEEN}. */
    record Unseen() implements Lookup {}

    /** The version, if it is there whole. */
    default Optional<Stored> version() {
        return Optional.empty();
    }

    default boolean isFound() {
        return version().isPresent();
    }

    /** The same, if it is what a pointer names. */
    default Lookup checked(TopicEntry.Pointer pointer) {
        return this;
    }
}
