package io.flinkpeft.method.ptuning;

/** What makes P-tuning's prompt; the names are PEFT's. */
public enum PromptEncoder {
    /** Three linear layers with ReLU between them. */
    MLP,
    /** A bidirectional LSTM and two linear layers with ReLU between them. */
    LSTM
}
