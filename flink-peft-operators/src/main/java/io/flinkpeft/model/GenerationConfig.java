package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * What a model directory says of generation: {@code generation_config.json}, or {@code config.json}
 * if there is none.
 *
 * @param endTokens after any of these a text is complete; may be empty
 * @param repetitionPenalty what the logits of tokens that a text already has are divided by, or
 *     multiplied if they are negative; default 1
 * @param start the token that an encoder-decoder's target starts with; empty: that of the model
 * @param first the first token that an encoder-decoder must generate; empty: any
 * @param last the token that must be the last one if a text gets as long as it may; empty: any
 */
public record GenerationConfig(
        Set<Long> endTokens,
        double repetitionPenalty,
        OptionalLong start,
        OptionalLong first,
        OptionalLong last) {

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
        return new GenerationConfig(
                tokens(json.path("eos_token_id")),
                json.path("repetition_penalty").asDouble(1),
                first(json.path("decoder_start_token_id")),
                first(json.path("forced_bos_token_id")),
                first(json.path("forced_eos_token_id")));
    }

    /** A token or a list of them. */
    private static Set<Long> tokens(JsonNode json) {
        var tokens = new LinkedHashSet<Long>();
        if (json.isIntegralNumber()) {
            tokens.add(json.longValue());
        }
        StreamSupport.stream(json.spliterator(), false).forEach(id -> tokens.add(id.longValue()));
        return tokens;
    }

    /** Of several the lowest: it is the first of equals. */
    private static OptionalLong first(JsonNode json) {
        return tokens(json).stream().mapToLong(Long::longValue).min();
    }
}
