package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
 * @param ignored settings that would change what is generated and are not obeyed, with their values
 */
public record GenerationConfig(
        Set<Long> endTokens,
        double repetitionPenalty,
        OptionalLong start,
        OptionalLong first,
        OptionalLong last,
        List<String> ignored) {

    private static final String FILE = "generation_config.json";

    /** How much of a setting's value is shown. */
    private static final int MAX_VALUE = 40;

    /** Settings of transformers 5.18 that change what is generated, each with what is off. */
    private static final SortedMap<String, Double> NEUTRAL =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("bad_words_ids", 0.0),
                            Map.entry("begin_suppress_tokens", 0.0),
                            Map.entry("constraints", 0.0),
                            Map.entry("do_sample", 0.0),
                            Map.entry("dola_layers", 0.0),
                            Map.entry("encoder_no_repeat_ngram_size", 0.0),
                            Map.entry("encoder_repetition_penalty", 1.0),
                            Map.entry("exponential_decay_length_penalty", 0.0),
                            Map.entry("force_words_ids", 0.0),
                            Map.entry("forced_decoder_ids", 0.0),
                            Map.entry("guidance_scale", 1.0),
                            Map.entry("max_time", 0.0),
                            Map.entry("min_length", 0.0),
                            Map.entry("min_new_tokens", 0.0),
                            Map.entry("no_repeat_ngram_size", 0.0),
                            Map.entry("num_beam_groups", 1.0),
                            Map.entry("num_beams", 1.0),
                            Map.entry("penalty_alpha", 0.0),
                            Map.entry("sequence_bias", 0.0),
                            Map.entry("stop_strings", 0.0),
                            Map.entry("suppress_tokens", 0.0),
                            Map.entry("token_healing", 0.0),
                            Map.entry("watermarking_config", 0.0)));

    public GenerationConfig {
        endTokens = Set.copyOf(endTokens);
        ignored = List.copyOf(ignored);
        if (!(repetitionPenalty > 0)) {
            throw new IllegalArgumentException(
                    "repetition_penalty (" + repetitionPenalty + ") must be more than 0.");
        }
    }

    /**
     * That settings are ignored which change what the model generates in transformers; empty if
     * none are.
     *
     * @param model its directory
     */
    public Optional<String> note(Path model) {
        return ignored.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "Model "
                                + model
                                + ": "
                                + String.join(", ", ignored)
                                + " of its settings of generation is ignored.");
    }

    static GenerationConfig read(Path directory) throws IOException {
        Path own = directory.resolve(FILE);
        JsonNode json = JsonFiles.read(Files.exists(own) ? own : directory.resolve("config.json"));
        return new GenerationConfig(
                tokens(json.path("eos_token_id")),
                json.path("repetition_penalty").asDouble(1),
                first(json.path("decoder_start_token_id")),
                first(json.path("forced_bos_token_id")),
                first(json.path("forced_eos_token_id")),
                ignored(json));
    }

    private static List<String> ignored(JsonNode json) {
        return NEUTRAL.entrySet().stream()
                .filter(entry -> !isOff(json.path(entry.getKey()), entry.getValue()))
                .map(entry -> entry.getKey() + " (" + brief(json.get(entry.getKey())) + ")")
                .toList();
    }

    private static boolean isOff(JsonNode value, double neutral) {
        return value.isMissingNode()
                || value.isNull()
                || value.isBoolean() && !value.asBoolean()
                || value.isContainerNode() && value.isEmpty()
                || value.isNumber() && value.doubleValue() == neutral;
    }

    private static String brief(JsonNode value) {
        String text = value.toString();
        return text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE) + "...";
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
