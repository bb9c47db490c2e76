package io.flinkpeft.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.method.codec.PythonJson;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The settings of a combined adapter: the first adapter's, with the targets of all, and for LoRA a
 * rank and scale of its own.
 */
final class CombinedSettings {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TARGETS = "target_modules";
    private static final String FEED_FORWARD = "feedforward_modules";
    private static final List<String> REFINEMENTS =
            List.of("exclude_modules", "layers_to_transform", "layers_pattern");

    private CombinedSettings() {}

    /** LoRA with scale 1: alpha is the rank, in every layer. */
    static String lora(List<SavedAdapter> adapters, Set<String> modules, int rank) {
        ObjectNode config = common(adapters, modules);
        config.put("r", rank);
        config.put("lora_alpha", rank);
        // PEFT keeps it from the first adapter, and the result's scale is then sqrt(rank)
        config.put("use_rslora", false);
        config.putObject("rank_pattern");
        config.putObject("alpha_pattern");
        config.put("init_lora_weights", true);
        return text(config);
    }

    static String ia3(List<SavedAdapter> adapters, Set<String> modules) {
        ObjectNode config = common(adapters, modules);
        config.set(FEED_FORWARD, joined(adapters, FEED_FORWARD, List.of()));
        return text(config);
    }

    private static ObjectNode common(List<SavedAdapter> adapters, Set<String> modules) {
        ObjectNode config = adapters.get(0).json().copy();
        boolean sameRefinements =
                REFINEMENTS.stream().allMatch(key -> values(adapters, key).size() == 1);
        if (sameRefinements) {
            config.set(TARGETS, joined(adapters, TARGETS, modules));
        } else {
            REFINEMENTS.forEach(config::putNull);
            config.set(TARGETS, array(modules));
        }
        var saved = new TreeSet<String>();
        adapters.forEach(adapter -> saved.addAll(adapter.modulesToSave()));
        config.set("modules_to_save", saved.isEmpty() ? null : array(saved));
        return config;
    }

    private static Set<JsonNode> values(List<SavedAdapter> adapters, String key) {
        return adapters.stream()
                .map(adapter -> adapter.json().value(key))
                .map(node -> node.isMissingNode() ? JSON.nullNode() : node)
                .collect(Collectors.toSet());
    }

    /** The union of lists, or the alternative of patterns. */
    private static JsonNode joined(
            List<SavedAdapter> adapters, String key, Collection<String> modules) {
        List<JsonNode> values = adapters.stream().map(a -> a.json().value(key)).toList();
        if (values.stream().allMatch(CombinedSettings::isPattern)) {
            return JSON.getNodeFactory()
                    .textNode(
                            values.stream()
                                    .map(pattern -> "(" + pattern.asText() + ")")
                                    .collect(Collectors.joining("|")));
        }
        if (values.stream().anyMatch(CombinedSettings::isPattern)) {
            throw new IllegalArgumentException(
                    key
                            + " "
                            + values
                            + " must be lists or patterns in all adapters, not a mix of both.");
        }
        if (values.stream().allMatch(JsonNode::isArray)) {
            var union = new TreeSet<String>();
            values.forEach(list -> list.forEach(name -> union.add(name.asText())));
            return array(union);
        }
        return array(modules);
    }

    private static boolean isPattern(JsonNode node) {
        return node.isTextual() && !node.asText().equalsIgnoreCase("all-linear");
    }

    private static ArrayNode array(Collection<String> names) {
        ArrayNode array = JSON.createArrayNode();
        new TreeSet<>(names).forEach(array::add);
        return array;
    }

    @SuppressWarnings("unchecked")
    private static String text(ObjectNode config) {
        return PythonJson.write((Map<String, ?>) JSON.convertValue(config, Map.class));
    }
}
