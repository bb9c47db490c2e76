package io.flinkpeft.train;

/** What happens to an adapter that was trained under other numerics than this process has. */
public enum NumericsRule {
    /** It is refused: its next step would have other last bits than before. */
    KEEP("keep"),

    /** It goes on; its lineage says from which step on. */
    ALLOW_CHANGE("allow-change");

    private final String value;

    NumericsRule(String value) {
        this.value = value;
    }

    /** As the option is written. */
    @Override
    public String toString() {
        return value;
    }
}
