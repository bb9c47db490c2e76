package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The files of a tokenizer as AutoTokenizer of transformers 5.18 puts them together.
 *
 * @param json {@code tokenizer.json}
 * @param config {@code tokenizer_config.json}, with what older files say beside it
 * @param kind the class
 * @param decoder added tokens that {@code tokenizer_config.json} or older files name, by number
 */
record TokenizerFiles(
        ObjectNode json, ObjectNode config, TokenizerKind kind, Map<Long, AddedToken> decoder) {

    /** Other files that transformers may take instead of {@code tokenizer.json}. */
    private static final Pattern VERSIONED = Pattern.compile("tokenizer\\.(.*)\\.json");

    private static final String CLEAN_UP = "clean_up_tokenization_spaces";
    private static final String DECODER = "added_tokens_decoder";
    private static final String EXTRA = "extra_special_tokens";
    private static final String ADDITIONAL = "additional_special_tokens";

    /** The named special tokens, in the order in which they are added. */
    static final List<String> NAMED =
            List.of(
                    "bos_token",
                    "eos_token",
                    "unk_token",
                    "sep_token",
                    "pad_token",
                    "cls_token",
                    "mask_token");

    /**
     * Reads the files beside a {@code tokenizer.json}.
     *
     * @param base where {@code config.json} is if nothing there names a class
     */
    static TokenizerFiles read(ObjectNode json, Path directory, Path base) throws IOException {
        ObjectNode config = optional(directory.resolve("tokenizer_config.json"));
        String named = config.path("tokenizer_class").asText("");
        Path beside = directory.resolve("config.json");
        boolean own = !named.isEmpty() || Files.exists(beside);
        ObjectNode model = optional(own ? beside : base.resolve("config.json"));
        String fallback = model.path("tokenizer_class").asText("");
        String type = model.path("model_type").asText("");
        TokenizerKind kind = TokenizerKind.of(type, named.isEmpty() ? fallback : named);
        kind.check(json);
        if (config.path("fix_mistral_regex").asBoolean()) {
            throw new IllegalArgumentException("fix_mistral_regex (true) must be absent.");
        }
        for (JsonNode file : config.path("fast_tokenizer_files")) {
            if (VERSIONED.matcher(file.asText()).find()) {
                throw new IllegalArgumentException(
                        "fast_tokenizer_files ("
                                + file.asText()
                                + ") must be absent, as only tokenizer.json is read. Maybe save the"
                                + " tokenizer with a recent transformers.");
            }
        }
        return new TokenizerFiles(json, config, kind, decoder(json, config, directory));
    }

    static ObjectNode object(Path file) throws IOException {
        if (JsonFiles.read(file) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("File (" + file + ") must hold a JSON object.");
    }

    private static ObjectNode optional(Path file) throws IOException {
        return Files.isRegularFile(file) ? object(file) : JsonFiles.JSON.createObjectNode();
    }

    /** Newer files name all added tokens in one place, older ones in three. */
    private static Map<Long, AddedToken> decoder(JsonNode json, ObjectNode config, Path directory)
            throws IOException {
        if (config.path(EXTRA).isEmpty() && config.has(ADDITIONAL)) {
            config.set(EXTRA, config.remove(ADDITIONAL));
        }
        Map<Long, AddedToken> decoder = new TreeMap<>();
        if (config.has(DECODER)) {
            config.path(DECODER)
                    .properties()
                    .forEach(
                            e ->
                                    decoder.put(
                                            Long.parseLong(e.getKey()),
                                            AddedToken.of(e.getValue(), false)));
            return decoder;
        }
        optional(directory.resolve("special_tokens_map.json")).properties().stream()
                .forEach(e -> config.set(e.getKey(), e.getValue()));
        List<String> special = new ArrayList<>();
        NAMED.forEach(name -> special.add(content(config.path(name))));
        config.path(EXTRA).forEach(token -> special.add(content(token)));
        for (var e : optional(directory.resolve("added_tokens.json")).properties()) {
            boolean known = special.contains(e.getKey());
            decoder.put(
                    e.getValue().asLong(),
                    new AddedToken(e.getKey(), false, false, false, !known, known));
        }
        for (JsonNode token : json.path("added_tokens")) {
            decoder.put(token.path("id").asLong(), AddedToken.of(token, false));
        }
        return decoder;
    }

    private static String content(JsonNode token) {
        return token.isTextual() ? token.asText() : token.path("content").asText("");
    }

    /** The named special tokens by name; those that are not there are missing. */
    Map<String, AddedToken> named() {
        Map<String, AddedToken> byContent = new LinkedHashMap<>();
        decoder.values().forEach(token -> byContent.put(token.content(), token));
        Map<String, AddedToken> named = new LinkedHashMap<>();
        for (String name : NAMED) {
            JsonNode own = config.path(name);
            String standard = kind.defaults().get(name);
            if (!own.isMissingNode() && !own.isNull()) {
                AddedToken token = AddedToken.of(own, true);
                named.put(name, byContent.getOrDefault(token.content(), token));
            } else if (own.isMissingNode() && standard != null) {
                named.put(name, AddedToken.special(standard));
            }
        }
        config.properties().stream()
                .filter(e -> e.getKey().endsWith("_token") && !NAMED.contains(e.getKey()))
                .filter(e -> e.getValue().isTextual())
                .forEach(e -> named.put(e.getKey(), AddedToken.special(e.getValue().asText())));
        if (config.path(EXTRA).isObject()) {
            config.path(EXTRA)
                    .properties()
                    .forEach(e -> named.put(e.getKey(), AddedToken.of(e.getValue(), true)));
        }
        return named;
    }

    /** Special tokens without a name. */
    List<AddedToken> extra() {
        JsonNode tokens = config.has(EXTRA) ? config.path(EXTRA) : config.path(ADDITIONAL);
        List<AddedToken> extra = new ArrayList<>();
        if (tokens.isArray()) {
            tokens.forEach(token -> extra.add(AddedToken.of(token, false)));
        }
        boolean sentinels = extra.stream().anyMatch(t -> t.content().contains("<extra_id_"));
        if (kind == TokenizerKind.T5 && !config.has(EXTRA) && !sentinels) {
            int number = config.path("extra_ids").asInt(100);
            for (int i = 0; i < number; i++) {
                extra.add(AddedToken.special("<extra_id_" + i + ">"));
            }
        }
        return extra;
    }

    /** Where a text that is too long is cut. */
    Truncation.Side side() {
        String own = config.path("truncation_side").asText("");
        String file = json.path("truncation").path("direction").asText("right");
        String side = own.isEmpty() ? file.toLowerCase(Locale.ROOT) : own;
        return switch (side) {
            case "right" -> Truncation.Side.RIGHT;
            case "left" -> Truncation.Side.LEFT;
            default ->
                    throw new IllegalArgumentException(
                            "truncation_side (" + side + ") must be right or left.");
        };
    }

    /** Whether a model is told which text of a pair a token is of. */
    boolean segments() {
        JsonNode names = config.path("model_input_names");
        return names.isArray()
                ? StreamSupport.stream(names.spliterator(), false)
                        .anyMatch(name -> name.asText().equals("token_type_ids"))
                : kind.segments();
    }

    /** The longest text, in tokens. */
    int maxTokens() {
        return maxTokens(config);
    }

    /** Whether the tokenizer of a file makes capital letters small. */
    static boolean lowerCases(Path file) throws IOException {
        JsonNode normalizer = TokenizerSettings.read(file).json().path("normalizer");
        return normalizer.findValues("lowercase").stream().anyMatch(JsonNode::asBoolean)
                || normalizer.findValuesAsText("type").contains("Lowercase");
    }

    /** The longest text that a directory's tokenizer was made for, in tokens. */
    static int maxTokens(Path directory) throws IOException {
        return maxTokens(optional(directory.resolve("tokenizer_config.json")));
    }

    private static int maxTokens(JsonNode config) {
        JsonNode own =
                config.has("model_max_length")
                        ? config.path("model_max_length")
                        : config.path("max_len");
        boolean limit = own.isNumber() && own.asDouble() < Integer.MAX_VALUE;
        return limit ? own.asInt() : Integer.MAX_VALUE;
    }

    /** Whether a decoded text loses the spaces before punctuation. */
    boolean cleansUp() {
        boolean bytePairs = json.path("model").path("type").asText().equals("BPE");
        return flag(CLEAN_UP, false)
                && (!bytePairs
                        || flag(CLEAN_UP + "_for_bpe_even_though_it_will_corrupt_output", false));
    }

    boolean flag(String name, boolean standard) {
        return config.path(name).asBoolean(standard);
    }
}
