package io.flinkpeft.method.adalora;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.FileTensors;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.Mergeable;
import io.flinkpeft.method.codec.PeftConfigCodec;
import io.flinkpeft.method.codec.WeightChange;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.lora.LoraJson;
import io.flinkpeft.method.targets.TargetModulesJson;
import io.flinkpeft.safetensors.TensorView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * AdaLoRA's settings in {@code adapter_config.json}: LoRA's keys, of which some mean nothing here,
 * and its own.
 */
public final class AdaLoraJson implements PeftConfigCodec, Mergeable {

    private static final String START = "init_lora_weights";

    private static final Set<String> OWN =
            Set.of(
                    "beta1",
                    "beta2",
                    "bias",
                    "deltaT",
                    START,
                    "init_r",
                    "lora_alpha",
                    "lora_dropout",
                    "modules_to_save",
                    "orth_reg_weight",
                    "rank_pattern",
                    "target_r",
                    "tfinal",
                    "tinit",
                    "total_step");

    private static final String SUFFIX = AdaLoraFiles.E;
    private static final LoraJson LORA = new LoraJson();

    @Override
    public String peftType() {
        return AdaLoraConfig.PEFT_TYPE;
    }

    @Override
    public Set<String> keys() {
        return union(OWN, TargetModulesJson.KEYS);
    }

    @Override
    public Set<String> unsupported() {
        return union(LORA.unsupported(), Set.of("loftq_config", "lora_bias", "use_dora"));
    }

    /** PEFT reads and writes these and does not use them for AdaLoRA. */
    @Override
    public Set<String> ignored() {
        Set<String> ignored = new HashSet<>(LORA.ignored());
        ignored.remove("loftq_config");
        return union(ignored, Set.of("alpha_pattern", "r", "runtime_config", "use_rslora"));
    }

    @Override
    public List<String> unused(JsonValues values) {
        List<String> unused = new ArrayList<>(LORA.unused(values));
        if (values.integer("r", LoraConfig.DEFAULT.rank()) != LoraConfig.DEFAULT.rank()) {
            unused.add("r");
        }
        Stream.of("alpha_pattern", "use_rslora").filter(k -> !values.isOff(k)).forEach(unused::add);
        return unused;
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toSet());
    }

    @Override
    public void checkStart(JsonValues values) {
        if (!values.isNull(START) && !values.flag(START)) {
            throw new IllegalArgumentException(START + " (false) must be true for a new adapter.");
        }
    }

    @Override
    public PeftConfig read(JsonValues values) {
        values.requireNotNull("init_r");
        values.requireNotNull("lora_alpha");
        if (!values.text("bias", "none").equals("none")) {
            throw new IllegalArgumentException(
                    "bias (" + values.text("bias", "none") + ") must be none.");
        }
        if (values.isNull("total_step")) {
            throw new IllegalArgumentException(
                    "total_step (null) must be given: the budget falls until then.");
        }
        var schedule =
                new BudgetSchedule(
                        values.integer("total_step", 0),
                        values.integer("tinit", 0),
                        values.integer("tfinal", 0),
                        values.integer("deltaT", 1),
                        0);
        AdaLoraConfig other = AdaLoraConfig.of(schedule);
        Importance importance = Importance.DEFAULT;
        return new AdaLoraConfig(
                values.integer("init_r", other.initialRank()),
                values.integer("target_r", other.targetRank()),
                values.number("lora_alpha", other.alpha()),
                values.number("lora_dropout", other.dropout()),
                TargetModulesJson.read(values),
                schedule,
                new Importance(
                        values.number("beta1", importance.beta1()),
                        values.number("beta2", importance.beta2()),
                        values.number("orth_reg_weight", importance.orthogonality())),
                rankPattern(values),
                values.texts("modules_to_save"),
                TaskType.UNSPECIFIED);
    }

    private static Map<String, List<Boolean>> rankPattern(JsonValues values) {
        Map<String, List<Boolean>> pattern = new LinkedHashMap<>();
        JsonNode node = values.value("rank_pattern");
        for (var entry : node.properties()) {
            List<Boolean> kept = new ArrayList<>();
            entry.getValue().forEach(each -> kept.add(each.asBoolean()));
            String layer = entry.getKey();
            if (!layer.endsWith(SUFFIX) || kept.isEmpty()) {
                throw new IllegalArgumentException(
                        "rank_pattern ("
                                + layer
                                + ") must be the name of a layer's lora_E and a list of true and"
                                + " false.");
            }
            pattern.put(layer.substring(0, layer.length() - SUFFIX.length()), kept);
        }
        return pattern;
    }

    @Override
    public FileTensors tensors(PeftConfig config) {
        return AdaLoraFiles.TENSORS;
    }

    @Override
    public Set<String> parameters() {
        return AdaLoraFiles.PARAMETERS;
    }

    @Override
    public List<WeightChange> takeChanges(PeftConfig config, Map<String, TensorView> tensors) {
        return AdaLoraFiles.take((AdaLoraConfig) config, tensors);
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        AdaLoraConfig adalora = (AdaLoraConfig) config;
        LORA.write(LoraConfig.DEFAULT.withTargets(adalora.targets()), json);
        json.put("lora_alpha", LoraJson.compact(adalora.alpha()));
        json.put("lora_dropout", adalora.dropout());
        json.put("modules_to_save", TargetModulesJson.orNull(adalora.modulesToSave()));
        json.put("init_r", adalora.initialRank());
        json.put("target_r", adalora.targetRank());
        json.put("beta1", adalora.importance().beta1());
        json.put("beta2", adalora.importance().beta2());
        json.put("orth_reg_weight", adalora.importance().orthogonality());
        json.put("total_step", adalora.schedule().steps());
        json.put("tinit", adalora.schedule().warmup());
        json.put("tfinal", adalora.schedule().settled());
        json.put("deltaT", adalora.schedule().interval());
        var pattern = new TreeMap<String, Object>();
        adalora.rankPattern().forEach((layer, kept) -> pattern.put(layer + SUFFIX, kept));
        json.put("rank_pattern", pattern.isEmpty() ? null : pattern);
    }
}
