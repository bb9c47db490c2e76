package io.flinkpeft.method.prompt;

/** What a prompt starts from; the names are PEFT's. */
public enum PromptInitialization {
    /** Standard normal. */
    RANDOM,
    /** Word embeddings of random tokens. */
    SAMPLE_VOCAB,
    /** Word embeddings of a text, repeated or cut to the prompt's length. */
    TEXT
}
