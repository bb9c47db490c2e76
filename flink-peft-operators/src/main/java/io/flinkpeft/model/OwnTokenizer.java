package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * A tokenizer that an adapter has in its directory. Trainers write one beside an adapter, and
 * {@code AutoTokenizer.from_pretrained} of that directory reads it. Texts have the tokens of the
 * base model here, so it must make the same ones.
 */
public final class OwnTokenizer {

    private static final List<String> FILES =
            List.of(
                    TextTokenizer.FILE,
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "added_tokens.json");

    /** Of a file; they say nothing of the tokens of a text. */
    private static final List<String> BESIDES = List.of("version", "decoder");

    private OwnTokenizer() {}

    /**
     * Checks the tokenizer of an adapter, if it has one.
     *
     * @return what a user should know of it; empty if it makes the tokens of the base model
     * @throws IllegalArgumentException if it makes other tokens, or is not understood
     */
    public static Optional<String> check(Path adapter, ModelDirectory model) throws IOException {
        return check(adapter, model.path(), model.config().vocabularySize());
    }

    /** The same beside a model with so many tokens. */
    static Optional<String> check(Path adapter, Path model, int vocabulary) throws IOException {
        Path own = adapter.resolve(TextTokenizer.FILE);
        if (!Files.isRegularFile(own) || sameFiles(adapter, model)) {
            return Optional.empty();
        }
        TokenizerSettings mine = TokenizerSettings.read(own, model);
        TokenizerSettings base = TokenizerSettings.read(model.resolve(TextTokenizer.FILE));
        List<String> beyond = new ArrayList<>();
        Set<JsonNode> known = new HashSet<>();
        base.json().path("added_tokens").forEach(known::add);
        JsonNode texts = plain(mine.texts(), known, vocabulary, beyond);
        String difference =
                !texts.equals(plain(base.texts(), known, Integer.MAX_VALUE, List.of()))
                        ? "makes other tokens"
                        : mine.side() != base.side()
                                ? "cuts texts on the other side"
                                : mine.segments() != base.segments() ? "has other segments" : "";
        if (!difference.isEmpty()) {
            throw new IllegalArgumentException(
                    "File ("
                            + own
                            + ") "
                            + difference
                            + ", must do what the base model's does. Maybe merge the adapter, which"
                            + " takes the tokenizer along, or remove the file if the adapter was"
                            + " trained with the base model's tokenizer.");
        }
        return beyond.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "File ("
                                + own
                                + ") has tokens that the base model does not have, "
                                + beyond
                                + ": in texts they are read as what is written.");
    }

    private static boolean sameFiles(Path adapter, Path model) throws IOException {
        for (String file : FILES) {
            Path own = adapter.resolve(file);
            Path base = model.resolve(file);
            if (Files.exists(own) != Files.exists(base)
                    || Files.exists(own) && Files.mismatch(own, base) >= 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * What decides the tokens of texts, written in one way.
     *
     * @param known added tokens that stay in any case
     * @param vocabulary how many tokens the model has; added ones behind them are left out
     * @param beyond takes what was left out
     */
    private static JsonNode plain(
            ObjectNode json, Set<JsonNode> known, int vocabulary, List<String> beyond) {
        ObjectNode plain = JsonFiles.JSON.createObjectNode();
        plain.setAll(json);
        plain.remove(BESIDES);
        ArrayNode added = plain.putArray("added_tokens");
        for (JsonNode token : json.path("added_tokens")) {
            if (token.path("id").asLong() < vocabulary || known.contains(token)) {
                added.add(token);
            } else {
                beyond.add(token.path("content").asText());
            }
        }
        return withoutDefaults(plain);
    }

    /**
     * Older files leave out what is false or nothing, and have the parts of a merge in one text.
     */
    private static JsonNode withoutDefaults(JsonNode json) {
        if (json.isObject()) {
            ObjectNode kept = JsonFiles.JSON.createObjectNode();
            for (var e : json.properties()) {
                JsonNode value = e.getValue();
                boolean nothing = value.isNull() || value.isBoolean() && !value.asBoolean();
                if (e.getKey().equals("merges")) {
                    kept.set("merges", merges(value));
                } else if (!nothing && !(value.isTextual() && value.asText().isEmpty())) {
                    kept.set(e.getKey(), withoutDefaults(value));
                }
            }
            return kept;
        }
        if (json.isArray()) {
            ArrayNode kept = JsonFiles.JSON.createArrayNode();
            json.forEach(value -> kept.add(withoutDefaults(value)));
            return kept;
        }
        return json;
    }

    private static ArrayNode merges(JsonNode merges) {
        ArrayNode parts = JsonFiles.JSON.createArrayNode();
        for (JsonNode merge : merges) {
            List<String> both =
                    merge.isTextual()
                            ? List.of(merge.asText().split(" ", 2))
                            : StreamSupport.stream(merge.spliterator(), false)
                                    .map(JsonNode::asText)
                                    .toList();
            both.forEach(parts::add);
        }
        return parts;
    }
}
