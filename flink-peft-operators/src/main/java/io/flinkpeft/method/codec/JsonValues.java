package io.flinkpeft.method.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The values of a JSON object, each of the type it must have; absent and null are the same. */
public final class JsonValues {

    /** How deep objects and lists may be in each other; PEFT's files have a few. */
    private static final int MOST_DEPTH = 50;

    private static final ObjectMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MOST_DEPTH)
                                                    .build())
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private final JsonNode object;

    private JsonValues(JsonNode object) {
        this.object = object;
    }

    /**
     * Parses an object.
     *
     * @throws IllegalArgumentException if it is not JSON, or not an object
     */
    public static JsonValues parse(String json) {
        JsonNode node;
        try {
            node = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("must be JSON: " + e.getOriginalMessage(), e);
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException("must hold a JSON object.");
        }
        return new JsonValues(node);
    }

    /** All keys, in order. */
    public Set<String> keys() {
        var keys = new TreeSet<String>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** A copy of all of it, which may be changed. */
    public ObjectNode copy() {
        return object.deepCopy();
    }

    /** A value as it is. */
    public JsonNode value(String key) {
        return object.path(key);
    }

    /** Whether a value is absent or null. */
    public boolean isNull(String key) {
        return object.path(key).isMissingNode() || object.path(key).isNull();
    }

    /**
     * Refuses a key that is there with null where PEFT has no meaning for it.
     *
     * @throws IllegalArgumentException if it is
     */
    public void requireNotNull(String key) {
        if (value(key).isNull()) {
            throw new IllegalArgumentException(
                    key + " (null) must be a value. Maybe leave it out for the default.");
        }
    }

    /** Whether a value switches nothing on: it is absent, null, false or empty. */
    public boolean isOff(String key) {
        JsonNode value = object.path(key);
        return isNull(key)
                || (value.isBoolean() && !value.asBoolean())
                || (value.isContainerNode() && value.isEmpty());
    }

    /** An object in the object; an empty one if absent. */
    public JsonValues object(String key) {
        return new JsonValues(
                isNull(key)
                        ? JSON.createObjectNode()
                        : must(key, value(key), value(key).isObject(), "an object"));
    }

    /** A list of objects. */
    public List<JsonValues> objects(String key) {
        var objects = new ArrayList<JsonValues>();
        for (JsonNode element : elements(key)) {
            objects.add(new JsonValues(must(key, element, element.isObject(), "objects")));
        }
        return objects;
    }

    /** A text. */
    public String text(String key, String otherwise) {
        return isNull(key)
                ? otherwise
                : must(key, value(key), value(key).isTextual(), "text").asText();
    }

    /** A truth value; false if absent. */
    public boolean flag(String key) {
        return !isNull(key)
                && must(key, value(key), value(key).isBoolean(), "true or false").asBoolean();
    }

    /** A whole number. */
    public int integer(String key, int otherwise) {
        return isNull(key) ? otherwise : integer(key, value(key));
    }

    /** A number. */
    public double number(String key, double otherwise) {
        return isNull(key) ? otherwise : number(key, value(key));
    }

    /** A list of texts; one text alone is a list of one. */
    public List<String> texts(String key) {
        var texts = new ArrayList<String>();
        for (JsonNode element : elements(key)) {
            texts.add(must(key, element, element.isTextual(), "text, or a list of texts").asText());
        }
        return texts;
    }

    /** A list of whole numbers; one alone is a list of one. */
    public List<Integer> integers(String key) {
        var integers = new ArrayList<Integer>();
        elements(key).forEach(element -> integers.add(integer(key, element)));
        return integers;
    }

    private Iterable<JsonNode> elements(String key) {
        return isNull(key) ? List.of() : value(key).isArray() ? value(key) : List.of(value(key));
    }

    /** Whole numbers by name, in the order of the file. */
    public Map<String, Integer> integersByName(String key) {
        var map = new LinkedHashMap<String, Integer>();
        entries(key).forEach(e -> map.put(e.getKey(), integer(key, e.getValue())));
        return map;
    }

    /** Numbers by name, in the order of the file. */
    public Map<String, Double> numbersByName(String key) {
        var map = new LinkedHashMap<String, Double>();
        entries(key).forEach(e -> map.put(e.getKey(), number(key, e.getValue())));
        return map;
    }

    private Set<Map.Entry<String, JsonNode>> entries(String key) {
        return isNull(key)
                ? Set.of()
                : must(key, value(key), value(key).isObject(), "an object").properties();
    }

    private int integer(String key, JsonNode node) {
        return must(key, node, node.isInt(), "a whole number").intValue();
    }

    private double number(String key, JsonNode node) {
        return must(key, node, node.isNumber(), "a number").doubleValue();
    }

    private static JsonNode must(String key, JsonNode node, boolean right, String type) {
        if (!right) {
            throw new IllegalArgumentException(key + " (" + node + ") must be " + type + ".");
        }
        return node;
    }
}
