package io.flinkpeft.example.quickstart;

/** What predicts the stream. */
enum Learner {
    /** LoRA and a head, each example predicted before it is trained on. */
    LORA("LoRA, online"),
    /** The head alone on the frozen base, likewise. */
    HEAD_ONLY("Frozen base, head online"),
    /** The most frequent class so far. */
    MAJORITY("Majority class"),
    /** {@code ML_PREDICT} with the newest published version. */
    SQL("LoRA, served by SQL");

    private final String title;

    Learner(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
