package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * A {@code tokenizer.json} that does not find special tokens in texts. It puts the same tokens
 * around them, and all tokens keep their numbers.
 *
 * @param json for the native library
 * @param names what the special tokens are called there, by what they are called in the file
 */
record HiddenTokens(ObjectNode json, Map<String, String> names) {

    /**
     * Special tokens are neither looked for in texts nor pieces of words: in the vocabulary, too,
     * they have other names, which are drawn by chance so that nobody can write them.
     */
    static HiddenTokens everywhere(ObjectNode json) {
        Map<String, String> names = names(json);
        JsonNode model = json.path("model");
        ObjectNode renamed = JsonFiles.JSON.createObjectNode();
        renamed.setAll((ObjectNode) model);
        renamed.set("vocab", vocabulary(model.path("vocab"), names));
        if (model.has("merges")) {
            renamed.set("merges", merges(model, names));
        }
        String unknown = model.path("unk_token").asText();
        if (names.containsKey(unknown)) {
            renamed.put("unk_token", names.get(unknown));
        }
        ArrayNode added = JsonFiles.JSON.createArrayNode();
        json.path("added_tokens").forEach(token -> added.add(renamed(token, names)));
        return new HiddenTokens(with(json, renamed, added), names);
    }

    /**
     * Special tokens are not looked for in texts, as {@code split_special_tokens} of transformers
     * has it. A model whose vocabulary has one may find it all the same.
     *
     * @throws IllegalArgumentException if an added token that is not special could stand in a
     *     special one, or gets another number
     */
    static HiddenTokens inTexts(ObjectNode json) {
        Map<String, String> names = names(json);
        JsonNode model = json.path("model");
        AddedTokens left = new AddedTokens(model);
        ArrayNode added = JsonFiles.JSON.createArrayNode();
        for (JsonNode token : json.path("added_tokens")) {
            String content = token.path("content").asText();
            if (names.containsKey(content) && left.id(content).isPresent()) {
                continue;
            }
            JsonNode kept = renamed(token, names);
            AddedToken read = AddedToken.of(kept, false);
            left.add(read);
            if (left.id(read.content()).orElseThrow() != token.path("id").asLong()) {
                throw refused(content, "get another number");
            }
            if (names.keySet().stream().anyMatch(s -> overlap(s, read.content()))) {
                throw refused(content, "be found in special tokens");
            }
            added.add(kept);
        }
        return new HiddenTokens(with(json, model, added), names);
    }

    private static IllegalArgumentException refused(String token, String what) {
        return new IllegalArgumentException(
                "split_special_tokens (true) must be false, as added token "
                        + token
                        + " would "
                        + what
                        + ". Maybe use text.special-tokens = plain instead.");
    }

    private static boolean overlap(String special, String other) {
        boolean overlap = special.contains(other);
        for (int i = 1; i < Math.min(special.length(), other.length()); i++) {
            overlap |= special.endsWith(other.substring(0, i));
            overlap |= other.endsWith(special.substring(0, i));
        }
        return overlap;
    }

    private static Map<String, String> names(JsonNode json) {
        Map<String, String> names = new HashMap<>();
        for (JsonNode token : json.path("added_tokens")) {
            if (token.path("special").asBoolean()) {
                names.put(token.path("content").asText(), UUID.randomUUID().toString());
            }
        }
        return names;
    }

    private static ObjectNode with(ObjectNode json, JsonNode model, ArrayNode added) {
        ObjectNode changed = JsonFiles.JSON.createObjectNode();
        changed.setAll(json);
        changed.set("model", model);
        changed.set("added_tokens", added);
        return changed;
    }

    private static JsonNode renamed(JsonNode token, Map<String, String> names) {
        String content = token.path("content").asText();
        ObjectNode renamed = token.deepCopy();
        return renamed.put("content", names.getOrDefault(content, content));
    }

    private static JsonNode vocabulary(JsonNode vocab, Map<String, String> names) {
        if (vocab.isObject()) {
            ObjectNode renamed = JsonFiles.JSON.createObjectNode();
            vocab.properties()
                    .forEach(
                            e ->
                                    renamed.set(
                                            names.getOrDefault(e.getKey(), e.getKey()),
                                            e.getValue()));
            return renamed;
        }
        ArrayNode renamed = JsonFiles.JSON.createArrayNode();
        for (JsonNode piece : vocab) {
            String name = names.get(piece.path(0).asText());
            renamed.add(
                    name == null
                            ? piece
                            : JsonFiles.JSON.createArrayNode().add(name).add(piece.path(1)));
        }
        return renamed;
    }

    /** Without those that read or make a special token. */
    private static ArrayNode merges(JsonNode model, Map<String, String> names) {
        int prefix = model.path("continuing_subword_prefix").asText("").length();
        ArrayNode kept = JsonFiles.JSON.createArrayNode();
        for (JsonNode merge : model.path("merges")) {
            List<String> parts =
                    merge.isTextual()
                            ? List.of(merge.asText().split(" ", 2))
                            : StreamSupport.stream(merge.spliterator(), false)
                                    .map(JsonNode::asText)
                                    .toList();
            String made = parts.get(0) + parts.get(1).substring(prefix);
            if (parts.stream().noneMatch(names::containsKey) && !names.containsKey(made)) {
                kept.add(merge);
            }
        }
        return kept;
    }
}
