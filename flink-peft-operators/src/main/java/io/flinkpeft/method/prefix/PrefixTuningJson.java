package io.flinkpeft.method.prefix;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.prompt.PromptCodec;
import io.flinkpeft.method.prompt.VirtualTokens;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prefix tuning's settings.
 *
 * @param scope which attentions of an encoder-decoder; the type says it
 */
public record PrefixTuningJson(PrefixScope scope) implements PromptCodec {

    private static final String PROJECTION = "prefix_projection";
    private static final String HIDDEN = "encoder_hidden_size";
    private static final String INIT = "init_weights";
    private static final String ZERO = "zero";

    @Override
    public String peftType() {
        return scope.peftType();
    }

    @Override
    public Set<String> keys() {
        var keys = new HashSet<>(VirtualTokens.KEYS);
        keys.addAll(List.of(PROJECTION, HIDDEN, INIT));
        return keys;
    }

    @Override
    public PeftConfig read(JsonValues values) {
        String init = values.text(INIT, "");
        if (!init.isEmpty() && !init.equals(ZERO)) {
            throw new IllegalArgumentException(INIT + " (" + init + ") must be null or zero.");
        }
        return new PrefixTuningConfig(
                VirtualTokens.read(values),
                values.flag(PROJECTION),
                values.integer(HIDDEN, 0),
                init.equals(ZERO),
                scope,
                TaskType.UNSPECIFIED);
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        PrefixTuningConfig prefix = (PrefixTuningConfig) config;
        prefix.tokens().write(prefix.taskType(), json);
        json.put(PROJECTION, prefix.projection());
        json.put(HIDDEN, VirtualTokens.orNull(prefix.hidden()));
        json.put(INIT, prefix.zero() ? ZERO : null);
    }
}
