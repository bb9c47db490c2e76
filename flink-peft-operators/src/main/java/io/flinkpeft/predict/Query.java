package io.flinkpeft.predict;

/**
 * A text to predict.
 *
 * @param adapterId the adapter to predict with; null asks for the {@link Fallback}
 * @param text the text; not null
 * @param textPair the second text of a pair; null if there is none
 */
public record Query(String adapterId, String text, String textPair) {}
