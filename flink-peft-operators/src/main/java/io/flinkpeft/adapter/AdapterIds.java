package io.flinkpeft.adapter;

import java.nio.charset.StandardCharsets;

/** The rule for adapter ids: they are keys of streams, states and topics. */
public final class AdapterIds {

    /** The most characters an id may have. */
    public static final int MAX_LENGTH = 200;

    private AdapterIds() {}

    /**
     * Checks an id.
     *
     * @return the id
     * @throws IllegalArgumentException if it is null, empty, too long, or holds a control character
     *     or half a surrogate pair
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
        if (id.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "Adapter id (" + id + ") must not hold control characters.");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(id)) {
            throw new IllegalArgumentException(
                    "Adapter id (" + id + ") must not hold half a surrogate pair.");
        }
        return id;
    }
}
