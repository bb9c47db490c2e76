package io.flinkpeft.predict;

import io.flinkpeft.task.SpecialTokens;
import java.io.Serializable;

/**
 * What a {@link Serving} is told. Users with equal configurations share one subscription and the
 * adapters' memory.
 *
 * @param model the base: a Hugging Face directory, or the name of one on the class path
 * @param device {@code cpu}, {@code gpu:i} or {@code auto}
 * @param dtype of the frozen linears: {@code fp32}, {@code bf16} or {@code auto}
 * @param maxTokens longer texts are truncated
 * @param specialTokens what special tokens that are written in texts mean
 * @param task what texts are predicted for, a word of {@link io.flinkpeft.task.Tasks#verbs}
 * @param maxNewTokens the most tokens that are generated after a text, at least 1
 * @param adapterBytes how many bytes of adapters stay on the device; the least recently used leave
 *     first and come back when needed; more than 0
 * @param versions where versions come from
 */
public record ServingConfig(
        String model,
        String device,
        String dtype,
        int maxTokens,
        SpecialTokens specialTokens,
        String task,
        int maxNewTokens,
        long adapterBytes,
        VersionsConfig versions)
        implements Serializable {

    public ServingConfig {
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException(
                    "max-new-tokens (" + maxNewTokens + ") must be at least 1.");
        }
        if (adapterBytes < 1) {
            throw new IllegalArgumentException(
                    "adapters.memory (" + adapterBytes + " bytes) must be more than 0.");
        }
    }

    /** Special tokens in texts are tokens. */
    public ServingConfig(
            String model,
            String device,
            String dtype,
            int maxTokens,
            String task,
            int maxNewTokens,
            long adapterBytes,
            VersionsConfig versions) {
        this(
                model,
                device,
                dtype,
                maxTokens,
                SpecialTokens.TOKENS,
                task,
                maxNewTokens,
                adapterBytes,
                versions);
    }

    /** The same for another task. */
    public ServingConfig with(String task) {
        return new ServingConfig(
                model,
                device,
                dtype,
                maxTokens,
                specialTokens,
                task,
                maxNewTokens,
                adapterBytes,
                versions);
    }
}
