package io.flinkpeft.predict;

import io.flinkpeft.train.Classification;

/**
 * What was predicted, and by which version.
 *
 * @param classification the prediction; null if nothing was predicted
 * @param adapterId the adapter that served; null if none did
 * @param step the step of the version that served; null if none did
 */
public record Answer(Classification classification, String adapterId, Long step) {

    /** Nothing predicted. */
    public static final Answer NONE = new Answer(null, null, null);
}
