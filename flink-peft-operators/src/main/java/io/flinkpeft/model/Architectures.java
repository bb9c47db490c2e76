package io.flinkpeft.model;

/** The model families that the engine knows. */
final class Architectures {

    private Architectures() {}

    static Architecture of(ModelDirectory directory) {
        return new BertArchitecture();
    }
}
