package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What sentence-transformers does with a text besides its model and its pooling.
 *
 * @param prompt stands before each text; may be empty
 * @param layers come behind the pooling; empty if vectors only have length 1
 * @param refusal why its vectors cannot be made here, if so
 */
record SentenceModules(String prompt, List<SentenceLayer> layers, Optional<String> refusal) {

    /** A vector has length 1 here, whether a directory says so or not. */
    private static final Set<String> KNOWN = Set.of("Transformer", "Pooling", "Normalize", "Dense");

    /** Reads a directory. */
    static SentenceModules read(Path directory) throws IOException {
        JsonNode model = optional(directory.resolve("config_sentence_transformers.json"));
        JsonNode text = optional(directory.resolve("sentence_bert_config.json"));
        String name = model.path("default_prompt_name").asText("");
        String prompt = model.path("prompts").path(name).asText("");
        String refusal = null;
        List<SentenceLayer> layers = new ArrayList<>();
        for (JsonNode module : optional(directory.resolve("modules.json"))) {
            String type = module.path("type").asText();
            String simple = type.substring(type.lastIndexOf('.') + 1);
            Path folder = directory.resolve(module.path("path").asText());
            if (!KNOWN.contains(simple)) {
                refusal =
                        "module ("
                                + type
                                + ") must be one of Transformer, Pooling, Normalize, Dense";
            } else if (simple.equals("Normalize")) {
                layers.add(SentenceLayer::normalized);
            } else if (simple.equals("Dense")) {
                try {
                    layers.add(SentenceLayer.Dense.read(folder));
                } catch (IllegalArgumentException e) {
                    refusal = "module (" + type + "): " + e.getMessage();
                }
            } else if (simple.equals("Pooling")
                    && !prompt.isEmpty()
                    && !optional(folder.resolve("config.json"))
                            .path("include_prompt")
                            .asBoolean(true)) {
                refusal = "include_prompt (false) must be true beside a prompt (" + prompt + ")";
            }
        }
        if (text.path("do_lower_case").asBoolean()
                && !TokenizerFiles.lowerCases(directory.resolve(TextTokenizer.FILE))) {
            refusal = "do_lower_case (true) must be false, as the tokenizer does not lower-case";
        }
        boolean dense = layers.stream().anyMatch(SentenceLayer.Dense.class::isInstance);
        if (dense && SentenceTransformerFiles.scalesByLength(directory)) {
            refusal = "module Dense must not be behind a pooling by mean_sqrt_len_tokens";
        }
        return new SentenceModules(
                prompt, dense ? List.copyOf(layers) : List.of(), Optional.ofNullable(refusal));
    }

    private static JsonNode optional(Path file) throws IOException {
        return Files.isRegularFile(file) ? JsonFiles.read(file) : JsonFiles.JSON.createObjectNode();
    }
}
