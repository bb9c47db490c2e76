package io.flinkpeft.method.bottleneck;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.method.codec.AdapterFiles;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.PythonJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** AdapterHub's {@code adapter_config.json} of a bottleneck adapter. */
public final class HubJson {

    private static final String SETTINGS = "config";
    private static final String LEGACY_INVERTIBLE = "invertible_adapter";

    private HubJson() {}

    /** Whether it is AdapterHub's, not PEFT's. */
    public static boolean describes(JsonValues values) {
        return values.isNull("peft_type") && !values.isNull(SETTINGS);
    }

    /**
     * The settings without a look at the tensors.
     *
     * @throws IllegalArgumentException if they are of another method, or ask for what is not
     *     supported
     */
    public static BottleneckConfig read(JsonValues values) {
        JsonValues config = values.object(SETTINGS);
        String architecture = config.text("architecture", "bottleneck");
        if (!architecture.equals("bottleneck")) {
            throw new IllegalArgumentException(
                    "architecture (" + architecture + ") must be null, a bottleneck adapter's.");
        }
        for (String key : BottleneckKeys.UNSUPPORTED) {
            refuseUnless(off(config.value(key)), key, config.value(key));
        }
        for (String key : new String[] {"dropout", "stochastic_depth"}) {
            refuseUnless(config.number(key, 0) == 0, key, config.value(key));
        }
        for (String key : new String[] {"original_ln_after", "residual_before_ln"}) {
            JsonNode value = config.value(key);
            refuseUnless(config.isNull(key) || value.asBoolean() && value.isBoolean(), key, value);
        }
        String name = AdapterName.check(values.text("name", "adapter"));
        BottleneckConfig read = BottleneckKeys.read(config).withName(name);
        if (config.isNull(LEGACY_INVERTIBLE)) {
            return read;
        }
        return read.withInvertible(legacyInvertible(config.object(LEGACY_INVERTIBLE)));
    }

    private static int legacyInvertible(JsonValues values) {
        String kind = values.text("block_type", "");
        if (!kind.equals("nice")) {
            throw new IllegalArgumentException(
                    LEGACY_INVERTIBLE + " (" + kind + ") must be nice: it is not supported.");
        }
        return values.integer("reduction_factor", 2);
    }

    /** The settings of an adapter with these tensors. */
    public static BottleneckConfig read(JsonValues values, Path tensors) throws IOException {
        BottleneckConfig config = read(values);
        if (!values.text("type", "").equals("text_task")) {
            return config;
        }
        // old task adapters name an invertible adapter that they do not have
        boolean has =
                AdapterFiles.tensors(tensors).tensors().keySet().stream()
                        .anyMatch(name -> name.contains("invertible"));
        return has ? config : config.withInvertible(0);
    }

    private static boolean off(JsonNode value) {
        return value.isMissingNode() || value.isNull() || value.isBoolean() && !value.asBoolean();
    }

    private static void refuseUnless(boolean usable, String key, JsonNode value) {
        if (!usable) {
            throw new IllegalArgumentException(
                    key
                            + " ("
                            + value
                            + ") must be as in AdapterHub's presets: it is not"
                            + " supported.");
        }
    }

    /** The text of a file, with all of AdapterHub's keys. */
    public static String write(BottleneckConfig config, HubModel model) {
        var settings = new TreeMap<String, Object>();
        BottleneckKeys.write(config, settings);
        settings.remove(BottleneckKeys.NAME);
        settings.put("adapter_residual_before_ln", false);
        settings.put("cross_adapter", false);
        settings.put("dropout", 0.0);
        settings.put("factorized_phm_W", true);
        settings.put("factorized_phm_rule", false);
        settings.put("hypercomplex_nonlinearity", "glorot-uniform");
        settings.put(
                "init_weights", config.placement() == Placement.PARALLEL ? "mam_adapter" : "bert");
        settings.put("learn_phm", true);
        settings.put("ln_after", false);
        settings.put("ln_before", false);
        settings.put("original_ln_after", true);
        settings.put("phm_bias", true);
        settings.put("phm_c_init", "normal");
        settings.put("phm_dim", 4);
        settings.put("phm_init_range", 0.0001);
        settings.put("phm_layer", false);
        settings.put("phm_rank", 1);
        settings.put("residual_before_ln", true);
        settings.put("shared_W_phm", false);
        settings.put("shared_phm_rule", true);
        settings.put("stochastic_depth", 0.0);
        settings.put("use_gating", false);
        Map<String, Object> json = model.json(config.name(), settings);
        return PythonJson.write(json);
    }
}
