package io.flinkpeft.method.prompt;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.JsonValues;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prompt tuning's settings.
 *
 * @param pooled PEFT's, or our own form of it under its own {@code peft_type}
 */
public record PromptTuningJson(PooledToken pooled) implements PromptCodec {

    private static final String INIT = "prompt_tuning_init";
    private static final String TEXT = "prompt_tuning_init_text";
    private static final String TOKENIZER = "tokenizer_name_or_path";
    private static final String TOKENIZER_SETTINGS = "tokenizer_kwargs";

    @Override
    public String peftType() {
        return pooled.peftType(PromptTuningConfig.PEFT_TYPE);
    }

    @Override
    public Set<String> keys() {
        var keys = new HashSet<>(VirtualTokens.KEYS);
        keys.addAll(List.of(INIT, TEXT, TOKENIZER));
        return keys;
    }

    @Override
    public Set<String> ignored() {
        return Set.of(TOKENIZER_SETTINGS);
    }

    @Override
    public PeftConfig read(JsonValues values) {
        var start = initialization(values.text(INIT, PromptInitialization.RANDOM.name()));
        if (start != PromptInitialization.TEXT && !values.isOff(TOKENIZER_SETTINGS)) {
            throw new IllegalArgumentException(
                    TOKENIZER_SETTINGS
                            + " ("
                            + values.value(TOKENIZER_SETTINGS)
                            + ") must be absent for "
                            + INIT
                            + " ("
                            + start
                            + ").");
        }
        return new PromptTuningConfig(
                VirtualTokens.read(values),
                start,
                values.text(TEXT, ""),
                values.text(TOKENIZER, ""),
                pooled,
                TaskType.UNSPECIFIED);
    }

    private static PromptInitialization initialization(String name) {
        for (PromptInitialization value : PromptInitialization.values()) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                INIT
                        + " ("
                        + name
                        + ") must be one of "
                        + List.of(PromptInitialization.values())
                        + ".");
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        PromptTuningConfig prompt = (PromptTuningConfig) config;
        prompt.tokens().write(prompt.taskType(), json);
        json.put(INIT, prompt.initialization().name());
        json.put(TEXT, prompt.text().isEmpty() ? null : prompt.text());
        json.put(TOKENIZER, prompt.tokenizer().isEmpty() ? null : prompt.tokenizer());
        json.put(TOKENIZER_SETTINGS, null);
    }
}
