package io.flinkpeft.method;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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

    /** Keys that do not change what an adapter computes, and are not kept. */
    private static final Set<String> IGNORED =
            Set.of(
                    "auto_mapping",
                    "revision",
                    "inference_mode",
                    "peft_version",
                    "fan_in_fan_out",
                    "megatron_core",
                    "qalora_group_size");

    /** Features that must be off: null, false, or empty. */
    private static final Set<String> UNSUPPORTED =
            Set.of(
                    "alora_invocation_tokens",
                    "arrow_config",
                    "corda_config",
                    "ensure_weight_tying",
                    "eva_config",
                    "kasa_config",
                    "layer_replication",
                    "loftq_config",
                    "lora_bias",
                    "lora_ga_config",
                    "megatron_config",
                    "monteclora_config",
                    "target_parameters",
                    "trainable_token_indices",
                    "use_bdlora",
                    "use_dora",
                    "use_qalora",
                    "velora_config");

    private static final Set<String> READ =
            Set.of(
                    "alpha_pattern",
                    "base_model_name_or_path",
                    "bias",
                    "exclude_modules",
                    "init_lora_weights",
                    "layers_pattern",
                    "layers_to_transform",
                    "lora_alpha",
                    "lora_dropout",
                    "modules_to_save",
                    "peft_type",
                    "r",
                    "rank_pattern",
                    "target_modules",
                    "task_type",
                    "use_rslora");

    private static final String ALL_LINEAR = "all-linear";

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
     * Reads a file's text.
     *
     * @throws IllegalArgumentException if it is broken or asks for what is not supported
     */
    public static Contents read(String json) {
        try {
            JsonValues values = JsonValues.parse(json);
            String type = values.text("peft_type", "null");
            if (type.equals(HeadOnly.PEFT_TYPE)) {
                return new Contents(
                        new HeadOnly(), values.text("base_model_name_or_path", ""), List.of());
            }
            if (!type.equals("LORA")) {
                throw new IllegalArgumentException(
                        "peft_type (" + type + ") must be LORA or HEAD_ONLY.");
            }
            UNSUPPORTED.forEach(key -> refuseUnlessOff(key, values.value(key)));
            return new Contents(
                    lora(values), values.text("base_model_name_or_path", ""), warnings(values));
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

    private static List<String> warnings(JsonValues values) {
        var unknown = new TreeSet<>(values.keys());
        unknown.removeAll(IGNORED);
        unknown.removeAll(UNSUPPORTED);
        unknown.removeAll(READ);
        var warnings = new ArrayList<String>();
        for (String key : unknown) {
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

    private static LoraConfig lora(JsonValues values) {
        String bias = values.text("bias", "none");
        if (!bias.equals("none")) {
            throw new IllegalArgumentException("bias (" + bias + ") must be none.");
        }
        return new LoraConfig(
                values.integer("r", LoraConfig.DEFAULT.rank()),
                values.number("lora_alpha", LoraConfig.DEFAULT.alpha()),
                values.number("lora_dropout", LoraConfig.DEFAULT.dropout()),
                new TargetModules(
                        targets(values),
                        listOrPattern("exclude_modules", values),
                        values.integers("layers_to_transform"),
                        values.texts("layers_pattern")),
                values.flag("use_rslora"),
                values.integersByName("rank_pattern"),
                values.numbersByName("alpha_pattern"),
                values.texts("modules_to_save"),
                initialisation(values.value("init_lora_weights")),
                taskType(values.text("task_type", TaskType.UNSPECIFIED.name())));
    }

    private static ModuleNames targets(JsonValues values) {
        String key = "target_modules";
        if (values.isNull(key)) {
            return new ModuleNames.ArchitectureDefault();
        }
        return values.value(key).asText().equalsIgnoreCase(ALL_LINEAR)
                ? new ModuleNames.AllLinear()
                : listOrPattern(key, values);
    }

    private static ModuleNames listOrPattern(String key, JsonValues values) {
        return values.value(key).isTextual()
                ? new ModuleNames.Matching(values.value(key).asText())
                : new ModuleNames.Listed(values.texts(key));
    }

    private static Initialisation initialisation(JsonNode value) {
        if (value.isMissingNode() || (value.isBoolean() && value.asBoolean())) {
            return Initialisation.KAIMING_UNIFORM;
        }
        if (value.asText().equalsIgnoreCase("gaussian")) {
            return Initialisation.GAUSSIAN;
        }
        throw new IllegalArgumentException(
                "init_lora_weights (" + value + ") must be true or \"gaussian\".");
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
        json.put("base_model_name_or_path", baseModelName.isEmpty() ? null : baseModelName);
        json.put("peft_type", config.peftType());
        if (config instanceof LoraConfig lora) {
            put(lora, json);
        }
        return PythonJson.write(json);
    }

    private static void put(LoraConfig lora, Map<String, Object> json) {
        UNSUPPORTED.forEach(key -> json.put(key, null));
        for (String key : List.of("ensure_weight_tying", "lora_bias", "use_dora", "use_qalora")) {
            json.put(key, false);
        }
        json.put("loftq_config", Map.of());
        json.put("auto_mapping", null);
        json.put("revision", null);
        json.put("inference_mode", true);
        json.put("peft_version", PEFT_VERSION);
        json.put("fan_in_fan_out", false);
        json.put("megatron_core", "megatron.core");
        json.put("qalora_group_size", 16);
        json.put("bias", "none");
        json.put("r", lora.rank());
        json.put("lora_alpha", compact(lora.alpha()));
        json.put("lora_dropout", lora.dropout());
        json.put("use_rslora", lora.rsLora());
        json.put("rank_pattern", lora.rankPattern());
        var alphas = new HashMap<String, Object>();
        lora.alphaPattern().forEach((key, alpha) -> alphas.put(key, compact(alpha)));
        json.put("alpha_pattern", alphas);
        json.put("modules_to_save", orNull(lora.modulesToSave()));
        json.put(
                "init_lora_weights",
                switch (lora.initialisation()) {
                    case KAIMING_UNIFORM -> true;
                    case GAUSSIAN -> "gaussian";
                });
        json.put(
                "task_type",
                lora.taskType() == TaskType.UNSPECIFIED ? null : lora.taskType().name());
        TargetModules targets = lora.targets();
        json.put("target_modules", names(targets.names()));
        json.put("exclude_modules", names(targets.excluded()));
        json.put("layers_to_transform", orNull(targets.layers()));
        json.put("layers_pattern", orNull(targets.layerPatterns()));
    }

    private static Object names(ModuleNames names) {
        if (names instanceof ModuleNames.Listed listed) {
            return orNull(listed.names());
        }
        if (names instanceof ModuleNames.Matching matching) {
            return matching.pattern();
        }
        return names instanceof ModuleNames.AllLinear ? ALL_LINEAR : null;
    }

    private static Object orNull(List<?> list) {
        return list.isEmpty() ? null : list;
    }

    /** 8 and not 8.0: what people write is what they find again. */
    private static Object compact(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? (Object) (long) number
                : (Object) number;
    }
}
