package io.flinkpeft.method.ptuning;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.prompt.PooledToken;
import io.flinkpeft.method.prompt.PromptCodec;
import io.flinkpeft.method.prompt.VirtualTokens;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * P-tuning's settings.
 *
 * @param pooled PEFT's, or our own form of it under its own {@code peft_type}
 */
public record PTuningJson(PooledToken pooled) implements PromptCodec {

    private static final String ENCODER = "encoder_reparameterization_type";
    private static final String HIDDEN = "encoder_hidden_size";
    private static final String LAYERS = "encoder_num_layers";
    private static final String DROPOUT = "encoder_dropout";

    @Override
    public String peftType() {
        return pooled.peftType(PTuningConfig.PEFT_TYPE);
    }

    @Override
    public Set<String> keys() {
        var keys = new HashSet<>(VirtualTokens.KEYS);
        keys.addAll(List.of(ENCODER, HIDDEN, LAYERS, DROPOUT));
        return keys;
    }

    @Override
    public PeftConfig read(JsonValues values) {
        return new PTuningConfig(
                VirtualTokens.read(values),
                encoder(values.text(ENCODER, PromptEncoder.MLP.name())),
                values.integer(HIDDEN, 0),
                values.integer(LAYERS, 2),
                values.number(DROPOUT, 0),
                pooled,
                TaskType.UNSPECIFIED);
    }

    private static PromptEncoder encoder(String name) {
        for (PromptEncoder value : PromptEncoder.values()) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                ENCODER
                        + " ("
                        + name
                        + ") must be one of "
                        + List.of(PromptEncoder.values())
                        + ".");
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        PTuningConfig prompt = (PTuningConfig) config;
        prompt.tokens().write(prompt.taskType(), json);
        json.put(ENCODER, prompt.encoder().name());
        json.put(HIDDEN, VirtualTokens.orNull(prompt.hidden()));
        json.put(LAYERS, prompt.layers());
        json.put(DROPOUT, prompt.dropout());
    }
}
