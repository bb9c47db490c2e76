package io.flinkpeft.example.quickstart;

/** The Kafka topics of a run. */
final class Topics {

    /** The stream: glosses with their classes. */
    static final String GLOSSES = "glosses";

    /** The versions of the adapter. */
    static final String ADAPTERS = "adapters";

    /** What was predicted for each gloss, by whom. */
    static final String PREDICTIONS = "predictions";

    private Topics() {}
}
