package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The token that ends a text of a language model: {@code eos_token} of {@code
 * tokenizer_config.json}, which trainers put behind what is to be learned; without it the first
 * {@code eos_token_id} of {@code config.json}.
 */
final class EndToken {

    private static final String TOKENIZER = "tokenizer_config.json";

    private EndToken() {}

    static OptionalLong of(Path directory, TextTokenizer tokenizer) throws IOException {
        OptionalLong named = id(eosToken(directory), tokenizer);
        if (named.isPresent()) {
            return named;
        }
        JsonNode ids = JsonFiles.read(directory.resolve("config.json")).path("eos_token_id");
        JsonNode first = ids.isArray() ? ids.path(0) : ids;
        return first.isIntegralNumber() ? OptionalLong.of(first.longValue()) : OptionalLong.empty();
    }

    /** A text, or an object with it. */
    private static String eosToken(Path directory) throws IOException {
        Path file = directory.resolve(TOKENIZER);
        JsonNode token =
                Files.exists(file)
                        ? JsonFiles.read(file).path("eos_token")
                        : MissingNode.getInstance();
        return token.isObject() ? token.path("content").asText("") : token.asText("");
    }

    private static OptionalLong id(String token, TextTokenizer tokenizer) {
        if (token.isEmpty() || token.equals("null")) {
            return OptionalLong.empty();
        }
        return tokenizer.added(token);
    }
}
