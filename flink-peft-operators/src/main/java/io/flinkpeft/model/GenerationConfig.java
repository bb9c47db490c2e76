package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a model directory says of generation: {@code generation_config.json}, or {@code config.json}
 * if there is none.
 *
 * @param endTokens after any of these a text is complete; may be empty
 * @param repetitionPenalty what the logits of tokens that a text already has are divided by, or
 *     multiplied if they are negative; default 1
 */
public record GenerationConfig(Set<Long> endTokens, double repetitionPenalty) {

    private static final String FILE = "generation_config.json";

    public GenerationConfig {
        endTokens = Set.copyOf(endTokens);
        if (!(repetitionPenalty > 0)) {
            throw new IllegalArgumentException(
                    "repetition_penalty (" + repetitionPenalty + ") must be more than 0.");
        }
    }

    static GenerationConfig read(Path directory) throws IOException {
        Path own = directory.resolve(FILE);
        JsonNode json = JsonFiles.read(Files.exists(own) ? own : directory.resolve("config.json"));
        var endTokens = new LinkedHashSet<Long>();
        JsonNode end = json.path("eos_token_id");
        if (end.isIntegralNumber()) {
            endTokens.add(end.longValue());
        }
        end.forEach(id -> endTokens.add(id.longValue()));
        return new GenerationConfig(endTokens, json.path("repetition_penalty").asDouble(1));
    }
}
