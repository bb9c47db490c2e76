package io.flinkpeft.example.quickstart;

/** The Kafka topics of a run. */
final class Topics {

    /** The stream: glosses with their classes. */
    static final String GLOSSES = "glosses";

    /** The versions of the adapter. */
    static final String ADAPTERS = "adapters";

    /** What was predicted for each gloss, by whom. */
    static final String PREDICTIONS = "predictions";

    /**
     * How long the producers of small records wait for more, in milliseconds: two cores have better
     * to do than a request for each record.
     */
    static final String LINGER_MILLIS = "50";

    private Topics() {}
}
