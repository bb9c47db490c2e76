package io.flinkpeft.method.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.PeftConfigCodec;
import io.flinkpeft.method.codec.PythonJson;
import io.flinkpeft.method.targets.TopicPatterns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * PEFT's {@code adapter_config.json}: written as version 0.21.0 writes it, with all its keys; read
 * from any version.
 *
 * <p>A key that a file lacks has PEFT's default. A key that PEFT does not know is ignored with a
 * warning, as PEFT does, since a newer version may have written it; where an adapter shall begin it
 * is refused. A feature that PEFT knows and we do not support is refused by its name.
 */
public final class PeftConfigJson {

    /** The version of PEFT whose files these are. */
    public static final String PEFT_VERSION = "0.21.0";

    private static final String FILE = "adapter_config.json";

    /** Keys that every file has. */
    private static final Set<String> COMMON =
            Set.of(
                    "auto_mapping",
                    "base_model_name_or_path",
                    "inference_mode",
                    "peft_type",
                    "peft_version",
                    "revision",
                    "task_type");

    private PeftConfigJson() {}

    /**
     * What a file says.
     *
     * @param config the method and its settings
     * @param baseModelName where the base model was found; may be empty
     * @param warnings what was ignored; usually empty
     */
    public record Contents(PeftConfig config, String baseModelName, List<String> warnings) {
        public Contents {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Reads a text that nobody vouches for, and that was obeyed before: an adapter's own method in
     * state.
     *
     * @throws IllegalArgumentException if it is broken, asks for what is not supported, names
     *     files, or has patterns whose work is not bounded
     */
    public static PeftConfig readUntrusted(String json) {
        return read(json, PeftConfigJson::checkUntrusted).config();
    }

    /**
     * Reads the method of a control: as {@link #readUntrusted} and {@link #readNew}.
     *
     * @throws IllegalArgumentException as both
     */
    public static PeftConfig readControl(String json) {
        return read(
                        json,
                        (values, codec) -> {
                            checkUntrusted(values, codec);
                            checkNew(values, codec);
                        })
                .config();
    }

    private static void checkUntrusted(JsonValues values, PeftConfigCodec codec) {
        refuseFiles(values, codec);
        TopicPatterns.check(values);
    }

    /**
     * Reads what a version says: another one may have written it.
     *
     * @throws IllegalArgumentException if it is broken, asks for what is not supported, or has
     *     patterns whose work is not bounded
     */
    public static Contents readVersion(String json) {
        return read(json, (values, codec) -> TopicPatterns.check(values));
    }

    private static void refuseFiles(JsonValues values, PeftConfigCodec unused) {
        for (PeftConfigCodec codec : PeftCodecs.all()) {
            for (String key : codec.files()) {
                JsonNode value = values.value(key);
                if (value.isTextual() || !value.isEmpty()) {
                    throw new IllegalArgumentException(
                            key
                                    + " ("
                                    + value
                                    + ") must not be there: a method from a topic names no files.");
                }
            }
        }
    }

    /**
     * Reads a file's text.
     *
     * @throws IllegalArgumentException if it is broken or asks for what is not supported
     */
    public static Contents read(String json) {
        return read(json, (values, codec) -> {});
    }

    /**
     * Reads what an adapter that is new shall be: a key that the method does not know is refused,
     * and so is a start that only a finished adapter can name.
     *
     * @throws IllegalArgumentException if it is broken or asks for what is not supported
     */
    public static Contents readNew(String json) {
        return read(json, PeftConfigJson::checkNew);
    }

    /**
     * Reads what an adapter that shall be merged says.
     *
     * @throws IllegalArgumentException if it is broken, asks for what is not supported, or is of a
     *     method that cannot be merged
     */
    public static Contents readMergeable(String json) {
        PeftCodecs.mergeable(type(parse(json)));
        return read(json);
    }

    /**
     * The values of a file, whatever the method.
     *
     * @throws IllegalArgumentException if it is not a JSON object
     */
    public static JsonValues parse(String json) {
        try {
            return JsonValues.parse(json);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(FILE + ": " + e.getMessage(), e);
        }
    }

    private static Contents read(String json, BiConsumer<JsonValues, PeftConfigCodec> check) {
        try {
            JsonValues values = JsonValues.parse(json);
            PeftConfigCodec codec = PeftCodecs.of(type(values));
            check.accept(values, codec);
            codec.unsupported().forEach(key -> refuseUnlessOff(key, values));
            requireList("modules_to_save", values);
            TaskType task = taskType(values.text("task_type", TaskType.UNSPECIFIED.name()));
            return new Contents(
                    codec.read(values).withTaskType(task),
                    values.text("base_model_name_or_path", ""),
                    warnings(values, codec));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(FILE + ": " + e.getMessage(), e);
        }
    }

    private static String type(JsonValues values) {
        return values.text("peft_type", "null");
    }

    private static void refuseUnlessOff(String key, JsonValues values) {
        if (!values.isOff(key)) {
            throw new IllegalArgumentException(
                    key + " (" + values.value(key) + ") must be off: it is not supported.");
        }
    }

    /** PEFT takes a text there for its letters. */
    private static void requireList(String key, JsonValues values) {
        if (values.value(key).isTextual()) {
            throw new IllegalArgumentException(
                    key + " (" + values.value(key) + ") must be a list of names.");
        }
    }

    private static Set<String> unknown(JsonValues values, PeftConfigCodec codec) {
        var unknown = new TreeSet<>(values.keys());
        unknown.removeAll(known(codec));
        return unknown;
    }

    /** All keys that may stand in a file of the method. */
    private static Set<String> known(PeftConfigCodec codec) {
        var known = new TreeSet<>(COMMON);
        known.addAll(codec.ignored());
        known.addAll(codec.unsupported());
        known.addAll(codec.keys());
        return known;
    }

    private static List<String> warnings(JsonValues values, PeftConfigCodec codec) {
        var warnings = new ArrayList<String>();
        for (String key : unknown(values, codec)) {
            warnings.add(
                    FILE
                            + ": "
                            + key
                            + " ("
                            + values.value(key)
                            + ") is ignored, PEFT "
                            + PEFT_VERSION
                            + " does not know it.");
        }
        for (String key : codec.unused(values)) {
            warnings.add(
                    FILE + ": " + key + " (" + values.value(key) + ") is ignored, as in PEFT.");
        }
        return warnings;
    }

    /** What a finished adapter may say and a new one may not: a slip of the pen would be silent. */
    private static void checkNew(JsonValues values, PeftConfigCodec codec) {
        codec.checkStart(values);
        for (String key : unknown(values, codec)) {
            throw new IllegalArgumentException(
                    key
                            + " ("
                            + values.value(key)
                            + ") must be a setting of "
                            + codec.peftType()
                            + "."
                            + nearest(key, codec));
        }
    }

    private static String nearest(String key, PeftConfigCodec codec) {
        return known(codec).stream()
                .filter(other -> SpellingDistance.of(key, other) <= 2)
                .min(Comparator.comparingInt(other -> SpellingDistance.of(key, other)))
                .map(other -> " Maybe use " + other + ".")
                .orElse("");
    }

    private static TaskType taskType(String name) {
        for (TaskType type : TaskType.values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "task_type (" + name + ") must be one of " + List.of(TaskType.values()) + ".");
    }

    /** The text of a file. */
    public static String write(PeftConfig config, String baseModelName) {
        var json = new HashMap<String, Object>();
        TaskType task = config.taskType();
        json.put("auto_mapping", null);
        json.put("base_model_name_or_path", baseModelName.isEmpty() ? null : baseModelName);
        json.put("inference_mode", true);
        json.put("peft_type", config.peftType());
        json.put("peft_version", PEFT_VERSION);
        json.put("revision", null);
        json.put("task_type", task == TaskType.UNSPECIFIED ? null : task.name());
        PeftCodecs.of(config).write(config, json);
        return PythonJson.write(json);
    }
}
