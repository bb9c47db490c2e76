package io.flinkpeft.method.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.method.HeadOnlyJson;
import io.flinkpeft.method.JsonValues;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.PeftConfigCodec;
import io.flinkpeft.method.PythonJson;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.TopicPatterns;
import io.flinkpeft.method.adalora.AdaLoraJson;
import io.flinkpeft.method.adapter.BottleneckJson;
import io.flinkpeft.method.adapter.FusionJson;
import io.flinkpeft.method.ia3.Ia3Json;
import io.flinkpeft.method.lora.LoraJson;
import io.flinkpeft.method.prefix.PrefixScope;
import io.flinkpeft.method.prefix.PrefixTuningJson;
import io.flinkpeft.method.prompt.PooledToken;
import io.flinkpeft.method.prompt.PromptTuningJson;
import io.flinkpeft.method.ptuning.PTuningJson;
import io.flinkpeft.method.selective.BitFitJson;
import io.flinkpeft.method.selective.FreezeJson;
import io.flinkpeft.method.selective.FullJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PEFT's {@code adapter_config.json}: written as version 0.21.0 writes it, with all its keys; read
 * from any version.
 *
 * <p>A key that a file lacks has PEFT's default. A key that PEFT does not know is ignored with a
 * warning, as PEFT does, since a newer version may have written it. A feature that PEFT knows and
 * we do not support is refused by its name.
 */
public final class PeftConfigJson {

    /** The version of PEFT whose files these are. */
    public static final String PEFT_VERSION = "0.21.0";

    /** Every method's codec, by {@code peft_type}. */
    private static final Map<String, PeftConfigCodec> CODECS =
            Stream.of(
                            new LoraJson(),
                            new AdaLoraJson(),
                            new Ia3Json(),
                            new HeadOnlyJson(),
                            new BitFitJson(),
                            new BottleneckJson(),
                            new FusionJson(),
                            new FreezeJson(),
                            new FullJson(),
                            new PromptTuningJson(PooledToken.FIRST_VIRTUAL),
                            new PromptTuningJson(PooledToken.FIRST_REAL),
                            new PTuningJson(PooledToken.FIRST_VIRTUAL),
                            new PTuningJson(PooledToken.FIRST_REAL),
                            new PrefixTuningJson(PrefixScope.DECODER_AS_PEFT),
                            new PrefixTuningJson(PrefixScope.EVERY_ATTENTION))
                    .collect(
                            Collectors.toMap(
                                    PeftConfigCodec::peftType,
                                    Function.identity(),
                                    (a, b) -> a,
                                    TreeMap::new));

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
     * @param unknown the keys that were ignored, sorted; usually none
     * @param warnings what was ignored; usually empty
     */
    public record Contents(
            PeftConfig config, String baseModelName, Set<String> unknown, List<String> warnings) {
        public Contents {
            unknown = Collections.unmodifiableSet(new TreeSet<>(unknown));
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
        return untrusted(json).config();
    }

    /**
     * Reads the method of a control: as {@link #readUntrusted}, and nothing in it is ignored.
     *
     * @throws IllegalArgumentException if it has a key that is unknown, too
     */
    public static PeftConfig readControl(String json) {
        Contents contents = untrusted(json);
        if (!contents.unknown().isEmpty()) {
            throw new IllegalArgumentException(
                    "adapter_config.json: "
                            + String.join(", ", contents.unknown())
                            + " must be keys of "
                            + contents.config().peftType()
                            + ", which are "
                            + String.join(", ", known(contents.config().peftType()))
                            + ".");
        }
        return contents.config();
    }

    private static Contents untrusted(String json) {
        return read(
                json,
                values -> {
                    refuseFiles(values);
                    TopicPatterns.check(values);
                });
    }

    /**
     * Reads what a version says: another one may have written it.
     *
     * @throws IllegalArgumentException if it is broken, asks for what is not supported, or has
     *     patterns whose work is not bounded
     */
    public static Contents readVersion(String json) {
        return read(json, TopicPatterns::check);
    }

    private static Set<String> known(String peftType) {
        PeftConfigCodec codec = CODECS.get(peftType);
        var known = new TreeSet<>(codec.keys());
        codec.files().forEach(known::remove);
        known.add("peft_type");
        known.add("task_type");
        return known;
    }

    private static void refuseFiles(JsonValues values) {
        for (PeftConfigCodec codec : CODECS.values()) {
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
        return read(json, values -> {});
    }

    private static Contents read(String json, Consumer<JsonValues> check) {
        try {
            JsonValues values = JsonValues.parse(json);
            check.accept(values);
            String type = values.text("peft_type", "null");
            PeftConfigCodec codec = CODECS.get(type);
            if (codec == null) {
                throw new IllegalArgumentException(
                        "peft_type (" + type + ") must be one of " + CODECS.keySet() + ".");
            }
            codec.unsupported().forEach(key -> refuseUnlessOff(key, values.value(key)));
            TaskType task = taskType(values.text("task_type", TaskType.UNSPECIFIED.name()));
            return new Contents(
                    codec.read(values).withTaskType(task),
                    values.text("base_model_name_or_path", ""),
                    unknown(values, codec),
                    warnings(values, codec));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("adapter_config.json: " + e.getMessage(), e);
        }
    }

    private static void refuseUnlessOff(String key, JsonNode value) {
        boolean off =
                value.isMissingNode()
                        || value.isNull()
                        || (value.isBoolean() && !value.asBoolean())
                        || (value.isContainerNode() && value.isEmpty());
        if (!off) {
            throw new IllegalArgumentException(
                    key + " (" + value + ") must be off: it is not supported.");
        }
    }

    private static Set<String> unknown(JsonValues values, PeftConfigCodec codec) {
        var unknown = new TreeSet<>(values.keys());
        unknown.removeAll(COMMON);
        unknown.removeAll(codec.ignored());
        unknown.removeAll(codec.unsupported());
        unknown.removeAll(codec.keys());
        return unknown;
    }

    private static List<String> warnings(JsonValues values, PeftConfigCodec codec) {
        var warnings = new ArrayList<String>();
        for (String key : unknown(values, codec)) {
            warnings.add(
                    "adapter_config.json: "
                            + key
                            + " ("
                            + values.value(key)
                            + ") is ignored, PEFT "
                            + PEFT_VERSION
                            + " does not know it.");
        }
        return warnings;
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
        CODECS.get(config.peftType()).write(config, json);
        return PythonJson.write(json);
    }
}
