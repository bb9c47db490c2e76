package io.flinkpeft.model;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;

/**
 * Turns text into the tokens of a {@code tokenizer.json}, as the tokenizers library does in Python.
 *
 * <p>Truncation and padding that the file asks for are ignored: the caller says how long a text may
 * be, and nothing is padded. May be used by several threads; none may use it after {@link #close}.
 */
public final class TextTokenizer implements AutoCloseable {

    static final String FILE = "tokenizer.json";

    /** The smallest limit: room for three special tokens and one of the text. */
    public static final int MIN_TOKENS = 4;

    /** What BERT and RoBERTa call a gap. */
    private static final List<String> MASKS = List.of("[MASK]", "<mask>");

    /** Never truncates: a limit would be a property of the native object. */
    private final HuggingFaceTokenizer tokenizer;

    /** The same with the special tokens. */
    private final HuggingFaceTokenizer decoder;

    private final String mask;
    private final long maskId;

    private final Path path;
    private final TokenizerSettings settings;

    /** Made when it is first asked for. */
    private TextTokenizer plain;

    private TextTokenizer(Path path, TokenizerSettings settings) throws IOException {
        this.path = path;
        this.settings = settings;
        ObjectNode json = settings.json();
        boolean split = settings.texts() != json;
        JsonNode gap = split ? MissingNode.getInstance() : gap(json);
        this.mask = gap.path("content").asText(MASKS.get(0));
        this.maskId = gap.path("id").asLong(-1);
        this.decoder = NativeTokenizer.load(json, path);
        try {
            this.tokenizer = split ? NativeTokenizer.load(settings.texts(), path) : decoder;
        } catch (IOException | RuntimeException e) {
            decoder.close();
            throw e;
        }
    }

    /** One of which no text can name a special token; it decodes as the other does. */
    private TextTokenizer(TextTokenizer whole) throws IOException {
        this.path = whole.path;
        this.settings = whole.settings;
        JsonNode gap = gap(settings.json());
        HiddenTokens hidden = HiddenTokens.everywhere(settings.json());
        String content = gap.path("content").asText(MASKS.get(0));
        this.mask = hidden.names().getOrDefault(content, content);
        this.maskId = gap.path("id").asLong(-1);
        this.decoder = whole.decoder;
        this.tokenizer = NativeTokenizer.load(hidden.json(), path);
        this.plain = this;
    }

    /**
     * This tokenizer for texts in which a special token, such as {@code [SEP]}, is what is written:
     * none gets its number. Around texts they stay; added tokens that are not special are found.
     * Closed with this one.
     *
     * @throws UncheckedIOException if a disk fails
     */
    public synchronized TextTokenizer forPlainText() {
        try {
            plain = plain == null ? new TextTokenizer(this) : plain;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return plain;
    }

    /** The added token that stands for a gap. */
    private static JsonNode gap(JsonNode plain) {
        for (JsonNode token : plain.path("added_tokens")) {
            if (MASKS.contains(token.path("content").asText())) {
                return token;
            }
        }
        return MissingNode.getInstance();
    }

    /**
     * Reads a {@code tokenizer.json} and what stands beside it, as AutoTokenizer of transformers
     * does: {@code tokenizer_config.json}, {@code special_tokens_map.json}, {@code
     * added_tokens.json}, and the family of {@code config.json}.
     *
     * @throws IllegalArgumentException if it is missing or broken
     */
    public static TextTokenizer open(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IllegalArgumentException(
                    "File ("
                            + path
                            + ") must exist. Maybe load and save the tokenizer with transformers'"
                            + " AutoTokenizer, which writes it.");
        }
        return new TextTokenizer(path, TokenizerSettings.read(path));
    }

    /** The file without truncation and padding. */
    static JsonNode plain(Path path) throws IOException {
        JsonNode json = JsonFiles.read(path);
        if (!(json instanceof ObjectNode object)) {
            throw new IllegalArgumentException("File (" + path + ") must hold a JSON object.");
        }
        object.putNull("truncation");
        object.putNull("padding");
        return object;
    }

    /**
     * Encodes a text, or a pair of them, with special tokens.
     *
     * @param pair the second text; null if there is none
     * @param maxTokens the most tokens, special ones included, at least 4; of a pair the longer
     *     text is cut first
     */
    public Tokens encode(String text, String pair, int maxTokens) {
        checkLimit(maxTokens);
        Encoding encoding = pair == null ? encoding(text) : encoding(text, pair);
        return tokens(encoding, truncation(encoding, maxTokens));
    }

    /**
     * Encodes a text with special tokens, and finds its words.
     *
     * @param maxTokens the most tokens, special ones included, at least 4
     */
    public Words words(String text, int maxTokens) {
        checkLimit(maxTokens);
        Encoding encoding = encoding(text);
        Truncation truncation = truncation(encoding, maxTokens);
        return Words.of(text, spans(encoding, 0), truncation, tokens(encoding, truncation));
    }

    /**
     * Encodes a question and what it is asked of, with special tokens.
     *
     * @param maxTokens the most tokens, special ones included, at least 4; the longer text is cut
     */
    public Passage passage(String question, String context, int maxTokens) {
        checkLimit(maxTokens);
        Encoding encoding = encoding(question, context);
        Truncation truncation = truncation(encoding, maxTokens);
        List<Passage.Span> spans = spans(encoding, 1);
        int first = 0;
        List<Passage.Span> own = new ArrayList<>();
        for (int i = 0; i < truncation.kept().length; i++) {
            Passage.Span span = spans.get(truncation.kept()[i]);
            if (span != null) {
                first = own.isEmpty() ? i : first;
                own.add(span);
            }
        }
        return new Passage(tokens(encoding, truncation), context, first, own);
    }

    /** What each token of one of the texts covers; null for others. */
    private static List<Passage.Span> spans(Encoding encoding, long sequence) {
        CharSpan[] spans = encoding.getCharTokenSpans();
        List<Passage.Span> own = new ArrayList<>();
        for (int i = 0; i < spans.length; i++) {
            boolean meant = spans[i] != null && encoding.getSequenceIds()[i] == sequence;
            own.add(meant ? new Passage.Span(spans[i].getStart(), spans[i].getEnd()) : null);
        }
        return own;
    }

    /** Encodes a text of any length with special tokens, and what each token covers. */
    public SpannedTokens spanned(String text) {
        Encoding encoding = encoding(text);
        List<Passage.Span> spans =
                spans(encoding, 0).stream()
                        .map(span -> span == null ? SpannedTokens.NOTHING : span)
                        .toList();
        return new SpannedTokens(tokens(encoding, truncation(encoding, Integer.MAX_VALUE)), spans);
    }

    /** Whether it tells a model which text of a pair a token is of. */
    boolean handsSegments() {
        return settings.segments();
    }

    /** The longest text it was made for, in tokens; the largest number if nothing says. */
    public int maxTokens() {
        return settings.maxTokens();
    }

    /** The number of an added token; empty if there is none of that text. */
    OptionalLong added(String content) {
        for (JsonNode token : settings.json().path("added_tokens")) {
            if (token.path("content").asText().equals(content)) {
                return OptionalLong.of(token.path("id").asLong());
            }
        }
        return OptionalLong.empty();
    }

    /** What stands for a gap in a text. */
    public String mask() {
        return mask;
    }

    /** The token of a gap; -1 if there is none. */
    public long maskId() {
        return maskId;
    }

    private Encoding encoding(String text) {
        return tokenizer.encode(UnicodeText.of(text));
    }

    private Encoding encoding(String text, String pair) {
        return tokenizer.encode(UnicodeText.of(text), UnicodeText.of(pair));
    }

    private Truncation truncation(Encoding encoding, int maxTokens) {
        return Truncation.of(encoding.getSequenceIds(), maxTokens, settings.side());
    }

    private Tokens tokens(Encoding encoding, Truncation truncation) {
        return new Tokens(
                truncation.of(encoding.getIds()),
                settings.segments()
                        ? truncation.of(encoding.getTypeIds())
                        : new long[truncation.kept().length],
                !truncation.whole());
    }

    /**
     * Encodes many texts.
     *
     * @param pairs the second texts, null where there is none; as many as texts
     */
    public List<Tokens> encodeAll(List<String> texts, List<String> pairs, int maxTokens) {
        var all = new ArrayList<Tokens>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            all.add(encode(texts.get(i), pairs.get(i), maxTokens));
        }
        return all;
    }

    /**
     * Encodes a text that continues another, without special tokens.
     *
     * @param maxTokens the most tokens, at least 4
     */
    public Tokens encodeContinuation(String text, int maxTokens) {
        checkLimit(maxTokens);
        Encoding encoding = tokenizer.encode(UnicodeText.of(text), false, false);
        return tokens(encoding, truncation(encoding, maxTokens));
    }

    /** The text of tokens, special ones left out. */
    public String decode(long[] ids) {
        String text = decoder.decode(ids, true);
        return settings.cleansUp() ? CleanedText.of(text) : text;
    }

    /** The version of the library, which decides the tokens of a text. */
    public static String libraryVersion() {
        var version = new Properties();
        try (InputStream in =
                HuggingFaceTokenizer.class.getResourceAsStream(
                        "/native/lib/tokenizers.properties")) {
            version.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return version.getProperty("version");
    }

    private static void checkLimit(int maxTokens) {
        if (maxTokens < MIN_TOKENS) {
            throw new IllegalArgumentException(
                    "maxTokens (" + maxTokens + ") must be at least " + MIN_TOKENS + ".");
        }
    }

    /** Frees native memory. A second call does nothing. */
    @Override
    public synchronized void close() {
        tokenizer.close();
        if (plain != this) {
            decoder.close();
            if (plain != null) {
                plain.close();
            }
        }
    }
}
