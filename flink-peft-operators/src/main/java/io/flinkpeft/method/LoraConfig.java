package io.flinkpeft.method;

/** Placeholder of the skeleton. */
public record LoraConfig(int rank, double alpha) implements PeftConfig {
    @Override
    public String peftType() {
        return "LORA";
    }
}
