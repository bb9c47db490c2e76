package io.flinkpeft.fuzz;

/** Faults that a test puts into the loop, to see that the fuzzer finds them. */
public enum PlantedFault {
    /** There is none. */
    NONE,
    /** Reading a record throws. */
    PARSER_THROWS,
    /** A record is read, and neither an event nor a dead letter comes of it. */
    RECORD_LOST,
    /** Two names of adapters become one. */
    NAMES_MERGED,
    /** A dead letter has not the bytes of its record. */
    PAYLOAD_LOST,
    /** An example is left out of its batch. */
    EXAMPLE_LOST,
    /** An example is predicted twice. */
    EXAMPLE_TWICE,
    /** What an adapter learns depends on who shares its step. */
    NEIGHBOR_LEAKS,
    /** A step ends the task. */
    STEP_FAILS,
    /** A step does not end. */
    STEP_HANGS,
    /** A prediction has a score that is no number. */
    SCORE_NAN,
    /** A restored adapter is not the one that was saved. */
    STATE_LOST,
    /** Events go on in the order in which they came. */
    ORDER_LOST,
    /** A late event is no dead letter. */
    LATE_LOST,
    /** An event that is in time is a dead letter for being late. */
    LATE_TOO_SOON,
    /** A text is served with the version of another adapter. */
    SERVED_BY_ANOTHER,
    /** A version that cannot serve ends serving. */
    SERVING_ENDS,
    /** A value of an option is no refusal, but another exception. */
    OPTION_CRASHES,
    /** A value that must be refused is taken. */
    OPTION_TAKEN,
    /** A refusal does not say which option it is about. */
    REFUSAL_NAMELESS;

    boolean strikesServing() {
        return this == SERVED_BY_ANOTHER || this == SERVING_ENDS;
    }
}
