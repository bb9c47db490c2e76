package io.flinkpeft.predict;

import io.flinkpeft.train.HeadKind;

/** What texts are predicted for. */
public enum PredictTask {
    /** Their labels. */
    CLASSIFY(HeadKind.MODEL),
    /** A vector of each. */
    EMBED(HeadKind.STREAM),
    /** What follows them, by a language model. */
    GENERATE(HeadKind.CAUSAL_LM);

    private final HeadKind head;

    PredictTask(HeadKind head) {
        this.head = head;
    }

    /** An adapter serves for the task if its head answers like this one. */
    HeadKind head() {
        return head;
    }
}
