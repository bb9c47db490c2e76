package io.flinkpeft.model;

import static io.flinkpeft.model.TokenizerParts.SPACE;
import static io.flinkpeft.model.TokenizerParts.bpe;
import static io.flinkpeft.model.TokenizerParts.bytes;
import static io.flinkpeft.model.TokenizerParts.metaspace;
import static io.flinkpeft.model.TokenizerParts.part;
import static io.flinkpeft.model.TokenizerParts.replace;
import static io.flinkpeft.model.TokenizerParts.sequence;
import static io.flinkpeft.model.TokenizerParts.split;
import static io.flinkpeft.model.TokenizerParts.template;
import static io.flinkpeft.model.TokenizerParts.unigram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Builds the {@code tokenizer.json} that a class of transformers has in memory. */
final class TokenizerClass {

    private static final String QWEN2_WORDS =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
                    + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private final TokenizerFiles files;
    private final JsonNode model;
    private final Map<String, AddedToken> named;
    private final AddedTokens tokens;
    private final ObjectNode built;

    private TokenizerClass(TokenizerFiles files) {
        this.files = files;
        this.model = files.json().path("model");
        this.named = files.named();
        this.tokens = new AddedTokens(model);
        this.built = files.json().deepCopy();
    }

    /** What the files come to, without truncation and padding. */
    static ObjectNode build(TokenizerFiles files) {
        return new TokenizerClass(files).build();
    }

    private ObjectNode build() {
        if (files.kind() == TokenizerKind.FILE) {
            for (JsonNode token : files.json().path("added_tokens")) {
                tokens.add(AddedToken.of(token, false));
            }
        } else {
            built.putNull("normalizer");
        }
        addTokens();
        switch (files.kind()) {
            case FILE -> {}
            case BERT, DISTILBERT -> bert();
            case ROBERTA -> roberta();
            case XLM_ROBERTA -> xlmRoberta();
            case DEBERTA_V2 -> deberta();
            case GPT2 -> gpt2();
            case LLAMA -> llama();
            case QWEN2 -> qwen2();
            case T5 -> t5();
        }
        built.set("added_tokens", tokens.json());
        built.putNull("truncation");
        built.putNull("padding");
        return built;
    }

    /** In the order of transformers, which decides the numbers of tokens that are new. */
    private void addTokens() {
        List<AddedToken> before = tokens.all();
        for (AddedToken token : files.decoder().values()) {
            if (!before.contains(token)) {
                boolean isNamed =
                        named.values().stream().anyMatch(n -> n.content().equals(token.content()));
                tokens.add(isNamed ? token.asSpecial() : token);
            }
        }
        for (AddedToken token : named.values()) {
            if (!tokens.hasContent(token.content())) {
                tokens.add(token.asSpecial());
            }
        }
        for (AddedToken token : files.extra()) {
            if (!tokens.hasContent(token.content())) {
                tokens.add(token);
            }
        }
    }

    private String text(String name) {
        AddedToken token = named.get(name);
        if (token == null) {
            throw new IllegalArgumentException(name + " (null) must be a token.");
        }
        return token.content();
    }

    private void bert() {
        ObjectNode wordPiece =
                part("WordPiece")
                        .put("unk_token", text("unk_token"))
                        .put("continuing_subword_prefix", "##")
                        .put("max_input_chars_per_word", 100);
        built.set("model", wordPiece.set("vocab", model.path("vocab")));
        ObjectNode normalizer =
                part("BertNormalizer")
                        .put("clean_text", true)
                        .put("handle_chinese_chars", files.flag("tokenize_chinese_chars", true))
                        .put("lowercase", files.flag("do_lower_case", true));
        JsonNode accents = files.config().path("strip_accents");
        normalizer.set("strip_accents", accents.isBoolean() ? accents : null);
        built.set("normalizer", normalizer);
        built.set("pre_tokenizer", part("BertPreTokenizer"));
        built.set("decoder", part("WordPiece").put("prefix", "##").put("cleanup", true));
        frame(text("cls_token"), text("sep_token"));
    }

    private void frame(String first, String last) {
        built.set(
                "post_processor",
                template(
                        List.of(first, "A", last),
                        List.of(first, "A", last, "B", last),
                        true,
                        tokens));
    }

    private void roberta() {
        boolean prefix = files.flag("add_prefix_space", false);
        byteLevel(prefix);
        ObjectNode frame = part("RobertaProcessing");
        for (String end : List.of("sep", "cls")) {
            String token = text(end + "_token");
            frame.putArray(end).add(token).add(tokens.id(token).orElseThrow());
        }
        frame.put("trim_offsets", files.flag("trim_offsets", true)).put("add_prefix_space", prefix);
        built.set("post_processor", frame);
    }

    private void gpt2() {
        byteLevel(files.flag("add_prefix_space", false));
    }

    private void byteLevel(boolean prefix) {
        built.set("model", bpe(model, false));
        built.set("pre_tokenizer", bytes(prefix, true));
        built.set("decoder", bytes(true, true));
    }

    private void qwen2() {
        built.set("model", bpe(model, false));
        built.set("normalizer", part("NFC"));
        ObjectNode bytes = bytes(files.flag("add_prefix_space", false), false);
        built.set("pre_tokenizer", sequence("pretokenizers", split(QWEN2_WORDS), bytes));
        built.set("decoder", bytes(true, true));
        named.values().forEach(token -> tokens.add(AddedToken.special(token.content())));
        files.extra().forEach(token -> tokens.add(AddedToken.special(token.content())));
    }

    private void llama() {
        boolean prefix = files.flag("add_prefix_space", true);
        String always = files.flag("legacy", false) ? "always" : "first";
        built.set("model", bpe(model, true));
        built.set("pre_tokenizer", metaspace(prefix ? always : "never", false));
        ObjectNode decoder =
                sequence(
                        "decoders",
                        replace("String", SPACE, " "),
                        part("ByteFallback"),
                        part("Fuse"),
                        part("Strip")
                                .put("content", " ")
                                .put("start", prefix ? 1 : 0)
                                .put("stop", 0));
        built.set("decoder", decoder);
    }

    private void deberta() {
        String scheme = files.flag("add_prefix_space", true) ? "always" : "first";
        built.set("model", unigram(model, unknown()));
        ObjectNode spaces = replace("Regex", "\\s{2,}|[\\n\\r\\t]", " ");
        ObjectNode end = part("Strip").put("strip_left", false).put("strip_right", true);
        built.set(
                "normalizer",
                files.flag("do_lower_case", false)
                        ? sequence("normalizers", part("Lowercase"), spaces, part("NFC"), end)
                        : sequence("normalizers", spaces, part("NFC"), end));
        ObjectNode words = metaspace(scheme, true);
        built.set(
                "pre_tokenizer",
                files.flag("split_by_punct", false)
                        ? sequence(
                                "pretokenizers",
                                part("Punctuation").put("behavior", "Isolated"),
                                words)
                        : sequence("pretokenizers", words));
        built.set("decoder", words.deepCopy());
        frame(text("cls_token"), text("sep_token"));
    }

    /** The place of the unknown token in the vocabulary. */
    private int unknown() {
        JsonNode vocab = model.path("vocab");
        for (int i = 0; i < vocab.size(); i++) {
            JsonNode piece = vocab.get(i);
            if (piece.path(0).asText().equals(text("unk_token")) && piece.path(1).asDouble() == 0) {
                return i;
            }
        }
        return files.config().path("unk_id").asInt(1);
    }

    private void xlmRoberta() {
        pieces(3, files.flag("add_prefix_space", true) ? "always" : "never");
        String first = text("bos_token");
        String last = text("eos_token");
        built.set(
                "post_processor",
                template(
                        List.of(first, "A", last),
                        List.of(first, "A", last, last, "B", last),
                        false,
                        tokens));
    }

    private void t5() {
        pieces(2, "always");
        String last = text("eos_token");
        built.set(
                "post_processor",
                template(List.of("A", last), List.of("A", last, "B", last), false, tokens));
    }

    private void pieces(int unknown, String scheme) {
        built.set("model", unigram(model, unknown));
        JsonNode normalizer = files.json().path("normalizer");
        JsonNode map = normalizer.findValue("precompiled_charsmap");
        built.set(
                "normalizer",
                map == null ? null : part("Precompiled").set("precompiled_charsmap", map));
        ObjectNode words = metaspace(scheme, true);
        built.set("pre_tokenizer", sequence("pretokenizers", part("WhitespaceSplit"), words));
        built.set("decoder", words.deepCopy());
    }
}
