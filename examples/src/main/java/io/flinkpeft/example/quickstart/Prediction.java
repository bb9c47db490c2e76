package io.flinkpeft.example.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.event.PrequentialResult;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A prediction as the topic of predictions carries it, in JSON.
 *
 * @param learner who predicted
 * @param position the offset of the example in its topic
 * @param label the predicted label; null if there was none
 * @param version the step of the adapter that predicted; null if none did
 */
record Prediction(Learner learner, long position, String label, Long version) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Prediction of(Learner learner, PrequentialResult result) {
        return new Prediction(learner, result.offset(), result.predicted(), result.step());
    }

    byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Prediction parse(byte[] json) {
        try {
            return JSON.readValue(json, Prediction.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
