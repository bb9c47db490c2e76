package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The added tokens of a tokenizer, with the numbers that the tokenizers library gives them. */
final class AddedTokens {

    private final Map<String, Long> vocabulary;
    private final TreeMap<Long, AddedToken> byId = new TreeMap<>();
    private final Map<String, Long> ids = new HashMap<>();

    /** None yet, over the vocabulary of a {@code tokenizer.json}'s model. */
    AddedTokens(JsonNode model) {
        this.vocabulary = vocabulary(model.path("vocab"));
    }

    private static Map<String, Long> vocabulary(JsonNode vocab) {
        Map<String, Long> ids = new HashMap<>();
        if (vocab.isArray()) {
            vocab.forEach(piece -> ids.putIfAbsent(piece.path(0).asText(), (long) ids.size()));
        } else {
            vocab.properties().forEach(e -> ids.put(e.getKey(), e.getValue().asLong()));
        }
        return ids;
    }

    /** Adds a token, or changes how one of that text is looked for. */
    void add(AddedToken token) {
        if (token.content().isEmpty()) {
            return;
        }
        long id = id(token.content()).orElseGet(this::next);
        ids.put(token.content(), id);
        byId.put(id, token);
    }

    private long next() {
        long last = byId.isEmpty() ? -1 : byId.lastKey();
        return Math.max(vocabulary.size(), last + 1);
    }

    /** The number of a token of the vocabulary or of an added one. */
    Optional<Long> id(String content) {
        return Optional.ofNullable(ids.getOrDefault(content, vocabulary.get(content)));
    }

    boolean hasContent(String content) {
        return ids.containsKey(content);
    }

    List<AddedToken> all() {
        return new ArrayList<>(byId.values());
    }

    /** In the order of their numbers, as the library writes and reads them. */
    ArrayNode json() {
        ArrayNode all = JsonFiles.JSON.createArrayNode();
        byId.forEach((id, token) -> all.add(token.json(id)));
        return all;
    }
}
