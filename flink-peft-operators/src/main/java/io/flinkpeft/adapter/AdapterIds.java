package io.flinkpeft.adapter;

/** The rule for adapter ids: they are keys of streams, states and topics. */
public final class AdapterIds {

    /** The most characters an id may have. */
    public static final int MAX_LENGTH = 200;

    private AdapterIds() {}

    /**
     * Checks an id. {@code @} and {@code #} are taken: a topic names versions {@code id@step} and
     * their chunks {@code id@step#i}.
     *
     * @return the id
     * @throws IllegalArgumentException if it is null, empty, too long or holds {@code @}, {@code #}
     *     or a control character
     */
    public static String check(String id) {
        if (id == null || id.isEmpty()) {
            throw new IllegalArgumentException("Adapter id (" + id + ") must not be empty.");
        }
        if (id.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "Adapter id ("
                            + id.substring(0, 20)
                            + "...) has "
                            + id.length()
                            + " characters, must have at most "
                            + MAX_LENGTH
                            + ".");
        }
        if (id.chars().anyMatch(c -> c == '@' || c == '#' || Character.isISOControl(c))) {
            throw new IllegalArgumentException(
                    "Adapter id (" + id + ") must not hold '@', '#' or control characters.");
        }
        return id;
    }
}
