package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;

/** How many tokens a {@code tokenizer.json} numbers. */
final class TokenizerSize {

    private TokenizerSize() {}

    /** One more than the largest number of a token. */
    static long of(Path file) throws IOException {
        JsonNode json = JsonFiles.read(file);
        JsonNode vocabulary = json.path("model").path("vocab");
        long size = vocabulary.isArray() ? vocabulary.size() : 0;
        if (vocabulary.isObject()) {
            for (JsonNode id : vocabulary) {
                size = Math.max(size, id.asLong() + 1);
            }
        }
        for (JsonNode token : json.path("added_tokens")) {
            size = Math.max(size, token.path("id").asLong() + 1);
        }
        return size;
    }
}
