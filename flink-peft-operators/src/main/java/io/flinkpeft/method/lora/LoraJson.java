package io.flinkpeft.method.lora;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.FileTensors;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.Mergeable;
import io.flinkpeft.method.codec.PeftConfigCodec;
import io.flinkpeft.method.codec.WeightChange;
import io.flinkpeft.method.targets.TargetModulesJson;
import io.flinkpeft.safetensors.TensorView;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** LoRA's settings in {@code adapter_config.json}. */
public final class LoraJson implements PeftConfigCodec, Mergeable {

    private static final Set<String> UNSUPPORTED =
            Set.of(
                    "alora_invocation_tokens",
                    "arrow_config",
                    "ensure_weight_tying",
                    "kasa_config",
                    "layer_replication",
                    "megatron_config",
                    "monteclora_config",
                    "target_parameters",
                    "trainable_token_indices",
                    "use_bdlora",
                    "use_qalora");

    /** Of starts that {@link #initialization} refuses, or of training alone. */
    private static final Set<String> OF_STARTS =
            Set.of("corda_config", "eva_config", "loftq_config", "lora_ga_config", "velora_config");

    private static final String START = "init_lora_weights";

    /** Starts that leave the base as it is, and say nothing of an adapter that was trained. */
    private static final Set<String> FINISHED_STARTS = Set.of("eva", "mica", "orthogonal");

    private static final Set<String> OWN =
            Set.of(
                    "alpha_pattern",
                    "bias",
                    START,
                    "lora_alpha",
                    "lora_bias",
                    "lora_dropout",
                    "modules_to_save",
                    "r",
                    "rank_pattern",
                    "use_dora",
                    "use_rslora");

    @Override
    public String peftType() {
        return "LORA";
    }

    @Override
    public Set<String> keys() {
        return Stream.concat(OWN.stream(), TargetModulesJson.KEYS.stream())
                .collect(Collectors.toSet());
    }

    @Override
    public Set<String> unsupported() {
        return UNSUPPORTED;
    }

    @Override
    public Set<String> ignored() {
        return Stream.concat(
                        OF_STARTS.stream(),
                        Stream.of("megatron_core", "qalora_group_size", "runtime_config"))
                .collect(Collectors.toSet());
    }

    @Override
    public List<String> unused(JsonValues values) {
        boolean eva = values.value(START).asText().equals("eva");
        return Stream.concat(OF_STARTS.stream().sorted(), Stream.of("runtime_config"))
                .filter(key -> !values.isOff(key) && !(eva && key.equals("eva_config")))
                .toList();
    }

    /** EVA needs data; the others PEFT offers to tests, or are not implemented. */
    @Override
    public void checkStart(JsonValues values) {
        JsonNode start = values.value(START);
        if (FINISHED_STARTS.contains(start.asText()) || start.asText().equals("false")) {
            throw new IllegalArgumentException(
                    START
                            + " ("
                            + start
                            + ") must be true, \"gaussian\" or \"pissa\" for a new adapter.");
        }
        for (String key : OF_STARTS) {
            if (!values.isOff(key)) {
                throw new IllegalArgumentException(
                        key
                                + " ("
                                + values.value(key)
                                + ") must be off for a new adapter: it is not supported.");
            }
        }
    }

    @Override
    public PeftConfig read(JsonValues values) {
        values.requireNotNull("r");
        values.requireNotNull("lora_alpha");
        var ranks =
                new LoraRanks(
                        values.integer("r", LoraConfig.DEFAULT.rank()),
                        values.number("lora_alpha", LoraConfig.DEFAULT.alpha()),
                        values.flag("use_rslora"),
                        values.integersByName("rank_pattern"),
                        values.numbersByName("alpha_pattern"));
        return new LoraConfig(
                ranks,
                values.number("lora_dropout", LoraConfig.DEFAULT.dropout()),
                TargetModulesJson.read(values),
                values.texts("modules_to_save"),
                initialization(values.value(START)),
                TaskType.UNSPECIFIED,
                new LoraVariant(
                        values.flag("use_dora") ? LoraForm.DORA : LoraForm.ADAPTER,
                        LoraVariant.DEFAULT.rateRatio(),
                        bias(values.text("bias", "none")),
                        values.flag("lora_bias")));
    }

    private static LoraBias bias(String name) {
        return switch (name) {
            case "none" -> LoraBias.NONE;
            case "all" -> LoraBias.ALL;
            case "lora_only" -> LoraBias.LORA_ONLY;
            default ->
                    throw new IllegalArgumentException(
                            "bias (" + name + ") must be none, all or lora_only.");
        };
    }

    private static Initialization initialization(JsonNode value) {
        boolean plain = value.isBoolean() || value.isNull() || value.isMissingNode();
        if (plain || value.isTextual() && FINISHED_STARTS.contains(value.asText())) {
            return Initialization.KAIMING_UNIFORM;
        }
        // PEFT takes this one alone in any case
        if (value.asText().equalsIgnoreCase("gaussian")) {
            return Initialization.GAUSSIAN;
        }
        return switch (value.asText()) {
            case "pissa" -> Initialization.PISSA;
            default ->
                    throw new IllegalArgumentException(
                            START
                                    + " ("
                                    + value
                                    + ") must be true, \"gaussian\", \"pissa\" or one that leaves"
                                    + " the base as it is. Maybe convert the adapter with PEFT's"
                                    + " path_initial_model_for_weight_conversion.");
        };
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        LoraConfig lora = (LoraConfig) config;
        UNSUPPORTED.forEach(key -> json.put(key, null));
        OF_STARTS.forEach(key -> json.put(key, null));
        for (String key : List.of("ensure_weight_tying", "use_qalora")) {
            json.put(key, false);
        }
        json.put("loftq_config", Map.of());
        json.put("megatron_core", "megatron.core");
        json.put("qalora_group_size", 16);
        json.put("bias", lora.variant().bias().name().toLowerCase(Locale.ROOT));
        json.put("lora_bias", lora.variant().biasOfB());
        json.put("r", lora.rank());
        json.put("lora_alpha", compact(lora.alpha()));
        json.put("lora_dropout", lora.dropout());
        json.put("use_rslora", lora.ranks().rsLora());
        // the optimizer's form learns and predicts the same, PEFT sees an ordinary LoRA
        json.put("use_dora", lora.variant().form() == LoraForm.DORA);
        json.put("rank_pattern", lora.ranks().rankPattern());
        var alphas = new HashMap<String, Object>();
        lora.ranks().alphaPattern().forEach((key, alpha) -> alphas.put(key, compact(alpha)));
        json.put("alpha_pattern", alphas);
        json.put("modules_to_save", TargetModulesJson.orNull(lora.modulesToSave()));
        json.put(
                START,
                switch (lora.initialization()) {
                    case KAIMING_UNIFORM -> true;
                    case GAUSSIAN -> "gaussian";
                    case PISSA -> "pissa";
                });
        TargetModulesJson.write(lora.targets(), json);
    }

    @Override
    public FileTensors tensors(PeftConfig config) {
        return new LoraTensors(((LoraConfig) config).variant().bias());
    }

    @Override
    public Set<String> parameters() {
        return LoraFiles.PARAMETERS;
    }

    @Override
    public List<WeightChange> takeChanges(PeftConfig config, Map<String, TensorView> tensors) {
        return LoraFiles.take((LoraConfig) config, tensors);
    }

    /** 8 and not 8.0: what people write is what they find again. */
    public static Object compact(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? (Object) (long) number
                : (Object) number;
    }
}
