package io.flinkpeft.predict;

import io.flinkpeft.task.Prediction;

/**
 * What was predicted, and by which version.
 *
 * @param prediction of the form of the task; null if nothing was predicted
 * @param adapterId the adapter that served; null if none did
 * @param step the step of the version that served; null if none did
 */
public record Answer(Prediction prediction, String adapterId, Long step) {

    /** Nothing predicted. */
    public static final Answer NONE = new Answer(null, null, null);

    /** Whether a text was predicted that was cut, or whose continuation was. */
    public boolean isTruncated() {
        return prediction != null && prediction.truncated();
    }
}
