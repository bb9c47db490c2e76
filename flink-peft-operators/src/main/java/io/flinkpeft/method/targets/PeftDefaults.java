package io.flinkpeft.method.targets;

import io.flinkpeft.method.codec.JsonValues;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The layers that PEFT adapts if a configuration names none, by {@code model_type}: what the
 * resource {@code peft-defaults.json} says, which a script writes from PEFT's own tables.
 */
public final class PeftDefaults {

    private static final String RESOURCE = "/io/flinkpeft/method/peft-defaults.json";
    private static final JsonValues ALL = load();

    private PeftDefaults() {}

    private static JsonValues load() {
        try (InputStream in = PeftDefaults.class.getResourceAsStream(RESOURCE)) {
            return JsonValues.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The layers that a method adapts.
     *
     * @throws IllegalArgumentException if PEFT has no default for the model
     */
    public static List<String> targets(String peftType, String modelType) {
        return of("target_modules", ALL.object("target_modules").object(peftType), modelType);
    }

    /**
     * Those of IA3's layers that have the factor at their input.
     *
     * @throws IllegalArgumentException if PEFT has no default for the model
     */
    public static List<String> feedForward(String modelType) {
        return of("feedforward_modules", ALL.object("feedforward_modules"), modelType);
    }

    private static List<String> of(String key, JsonValues byModelType, String modelType) {
        if (byModelType.isNull(modelType)) {
            throw new IllegalArgumentException(
                    key
                            + " must be given for model_type ("
                            + modelType
                            + "), which has no default.");
        }
        return byModelType.texts(modelType);
    }
}
