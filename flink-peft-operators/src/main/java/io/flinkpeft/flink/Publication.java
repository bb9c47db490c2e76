package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.flink.config.PublicationPolicy.Decision;
import java.util.Optional;

/**
 * What was decided on an adapter's version, and the version if it was cut.
 *
 * @param decision of the policy; for the removal of an adapter, which no policy holds back, {@link
 *     Decision#CUT}
 */
record Publication(Decision decision, Optional<AdapterVersion> version) {

    /** No version was due. */
    static final Publication NONE = without(Decision.NOT_DUE);

    /** A version was cut. */
    static Publication of(AdapterVersion version) {
        return new Publication(Decision.CUT, Optional.of(version));
    }

    /** None was cut. */
    static Publication without(Decision decision) {
        return new Publication(decision, Optional.empty());
    }
}
