package io.flinkpeft.cli;

import io.flinkpeft.method.LoraConfig;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.train.AdapterDirectory;
import java.io.PrintWriter;

/** What a user should know of an adapter that is used all the same: a line each. */
final class AdapterNotes {

    private AdapterNotes() {}

    /** What was ignored in a directory's files. */
    static void print(AdapterDirectory directory, PrintWriter err) {
        directory.warnings().forEach(err::println);
    }

    /** Dropout is random: without it, training here is what PEFT does with the model in eval. */
    static void printForTraining(PeftConfig config, PrintWriter err) {
        double dropout = ((LoraConfig) config).dropout(); // sealed, and so far the only one
        if (dropout > 0) {
            err.println("lora_dropout (" + dropout + ") is not applied: this trains without it.");
        }
    }
}
