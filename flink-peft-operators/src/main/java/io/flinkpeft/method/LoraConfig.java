package io.flinkpeft.method;

import io.flinkpeft.method.lora.LoraAttachment;
import java.util.List;

/** Placeholder of the skeleton. */
public record LoraConfig(int rank, double alpha) implements PeftConfig {
    @Override
    public String peftType() {
        return "LORA";
    }

    @Override
    public String fingerprint() {
        return toString();
    }

    @Override
    public Attachment attach(List<Site> sites, String prefix, String modelType) {
        return LoraAttachment.of(this, sites, prefix, modelType);
    }

    @Override
    public void initialise(Attachment attachment, long seed, float[] row) {
        LoraAttachment.initialise(attachment, seed, row);
    }
}
