package io.flinkpeft.model;

import static io.flinkpeft.model.TokenizerParts.part;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses added tokens with which the native library ends the process on some text: it splits a
 * text where they are found, and has no answer for a split that is none.
 *
 * <p>One of which normalizing leaves nothing is found everywhere, also inside a character. One that
 * is all space and takes the space before it, but not the space behind it, may lie in what another
 * has taken: it would end before it starts.
 */
final class AddedTokenCheck {

    private final ObjectNode json;
    private final List<AddedToken> tokens = new ArrayList<>();

    private AddedTokenCheck(ObjectNode json) {
        this.json = json;
        json.path("added_tokens").forEach(token -> tokens.add(AddedToken.of(token, false)));
    }

    /**
     * Checks all of a {@code tokenizer.json}.
     *
     * @throws IllegalArgumentException for the first that would end the process
     */
    static void check(ObjectNode json) throws IOException {
        new AddedTokenCheck(json).check();
    }

    private void check() throws IOException {
        List<AddedToken> normalized = tokens.stream().filter(AddedToken::normalized).toList();
        for (AddedToken token : none(normalized, NullNode.instance)) {
            throw refused(
                    token,
                    "be something when it is normalized, as nothing is found inside characters, too."
                            + " Maybe set its normalized to false.");
        }
        List<AddedToken> inside = tokens.stream().filter(this::mayLieInAnother).toList();
        for (AddedToken token : none(inside, part("WhitespaceSplit"))) {
            throw refused(
                    token,
                    "be more than space or have lstrip = false, as it may lie in the space that"
                            + " another with rstrip takes.");
        }
    }

    private boolean mayLieInAnother(AddedToken token) {
        return token.lstrip()
                && !token.rstrip()
                && tokens.stream()
                        .anyMatch(t -> t.rstrip() && t.normalized() == token.normalized());
    }

    /** Those that have no words as they are looked for. */
    private List<AddedToken> none(List<AddedToken> some, JsonNode words) throws IOException {
        List<AddedToken> none = new ArrayList<>();
        if (some.isEmpty()) {
            return none;
        }
        try (var plain = NativeTokenizer.of(words(null, words));
                var normal = NativeTokenizer.of(words(json.get("normalizer"), words))) {
            for (AddedToken token : some) {
                HuggingFaceTokenizer asFound = token.normalized() ? normal : plain;
                if (asFound.encode(token.content(), false, false).getIds().length == 0) {
                    none.add(token);
                }
            }
        }
        return none;
    }

    /** A tokenizer without added tokens, for which each word is one token. */
    private static ObjectNode words(JsonNode normalizer, JsonNode preTokenizer) {
        ObjectNode model = part("WordLevel").put("unk_token", "w");
        model.putObject("vocab").put("w", 0);
        ObjectNode words = JsonFiles.JSON.createObjectNode().put("version", "1.0");
        words.putArray("added_tokens");
        words.set("normalizer", normalizer);
        words.set("pre_tokenizer", preTokenizer);
        words.set("model", model);
        return words;
    }

    private static IllegalArgumentException refused(AddedToken token, String rule)
            throws JsonProcessingException {
        String written =
                JsonFiles.JSON
                        .writer()
                        .with(JsonWriteFeature.ESCAPE_NON_ASCII)
                        .writeValueAsString(token.content());
        return new IllegalArgumentException("Added token (" + written + ") must " + rule);
    }
}
