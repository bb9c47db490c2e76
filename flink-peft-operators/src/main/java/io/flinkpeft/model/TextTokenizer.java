package io.flinkpeft.model;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.engine.NativeLibraries;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

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

    private final byte[] json;
    private final Path path;
    private final String mask;
    private final long maskId;

    /** The limit is a property of the native object, so there is one for each limit in use. */
    private final Map<Integer, HuggingFaceTokenizer> byLimit = new ConcurrentHashMap<>();

    private TextTokenizer(Path path, JsonNode plain) throws IOException {
        this.path = path;
        this.json = JsonFiles.JSON.writeValueAsBytes(plain);
        JsonNode gap = gap(plain);
        this.mask = gap.path("content").asText(MASKS.get(0));
        this.maskId = gap.path("id").asLong(-1);
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
     * Reads a {@code tokenizer.json}.
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
        var tokenizer = new TextTokenizer(path, plain(path));
        tokenizer.load(MIN_TOKENS).close(); // a broken file fails now, not at the first text
        return tokenizer;
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
        HuggingFaceTokenizer tokenizer = limitedTo(maxTokens);
        Encoding encoding = pair == null ? tokenizer.encode(text) : tokenizer.encode(text, pair);
        return tokens(encoding);
    }

    /**
     * Encodes a text with special tokens, and finds its words.
     *
     * @param maxTokens the most tokens, special ones included, at least 4
     */
    public Words words(String text, int maxTokens) {
        Encoding encoding = limitedTo(maxTokens).encode(text);
        CharSpan[] spans = encoding.getCharTokenSpans();
        int[] points = text.codePoints().toArray();
        List<Integer> firsts = new ArrayList<>();
        for (int i = 0; i < spans.length; i++) {
            boolean special = spans[i] == null || encoding.getSpecialTokenMask()[i] == 1;
            while (!special && wordsBefore(points, spans[i]) >= firsts.size()) {
                firsts.add(i); // a word without a token of its own has the next one's
            }
        }
        return new Words(tokens(encoding), firsts.stream().mapToInt(Integer::intValue).toArray());
    }

    /** How many words end before a token; some tokenizers have the space before it in a token. */
    private static int wordsBefore(int[] points, CharSpan span) {
        int start = span.getStart();
        while (start < span.getEnd() - 1 && Character.isWhitespace(points[start])) {
            start++;
        }
        int words = 0;
        for (int i = 1; i <= start; i++) {
            if (Character.isWhitespace(points[i]) && !Character.isWhitespace(points[i - 1])) {
                words++;
            }
        }
        return words;
    }

    /**
     * Encodes a question and what it is asked of, with special tokens.
     *
     * @param maxTokens the most tokens, special ones included, at least 4; the longer text is cut
     */
    public Passage passage(String question, String context, int maxTokens) {
        Encoding encoding = limitedTo(maxTokens).encode(question, context);
        CharSpan[] spans = encoding.getCharTokenSpans();
        int first = 0;
        List<Passage.Span> own = new ArrayList<>();
        for (int i = 0; i < spans.length; i++) {
            boolean special = spans[i] == null || encoding.getSpecialTokenMask()[i] == 1;
            if (!special && encoding.getSequenceIds()[i] == 1) {
                first = own.isEmpty() ? i : first;
                own.add(new Passage.Span(spans[i].getStart(), spans[i].getEnd()));
            }
        }
        return new Passage(tokens(encoding), context, first, own);
    }

    /** Encodes a text of any length with special tokens, and what each token covers. */
    public SpannedTokens spanned(String text) {
        Encoding encoding = limitedTo(Integer.MAX_VALUE).encode(text);
        CharSpan[] spans = encoding.getCharTokenSpans();
        List<Passage.Span> own = new ArrayList<>();
        for (int i = 0; i < spans.length; i++) {
            boolean around =
                    spans[i] == null
                            || encoding.getSpecialTokenMask()[i] == 1
                                    && encoding.getIds()[i] != maskId;
            own.add(
                    around
                            ? SpannedTokens.NOTHING
                            : new Passage.Span(spans[i].getStart(), spans[i].getEnd()));
        }
        return new SpannedTokens(tokens(encoding), own);
    }

    /** What stands for a gap in a text. */
    public String mask() {
        return mask;
    }

    /** The token of a gap; -1 if there is none. */
    public long maskId() {
        return maskId;
    }

    private static Tokens tokens(Encoding encoding) {
        return new Tokens(encoding.getIds(), encoding.getTypeIds(), encoding.exceedMaxLength());
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
        Encoding encoding = limitedTo(maxTokens).encode(text, false, false);
        return tokens(encoding);
    }

    /** The text of tokens, special ones left out. */
    public String decode(long[] ids) {
        return limitedTo(MIN_TOKENS).decode(ids, true);
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

    private HuggingFaceTokenizer limitedTo(int maxTokens) {
        if (maxTokens < MIN_TOKENS) {
            throw new IllegalArgumentException(
                    "maxTokens (" + maxTokens + ") must be at least " + MIN_TOKENS + ".");
        }
        return byLimit.computeIfAbsent(maxTokens, this::load);
    }

    private HuggingFaceTokenizer load(int maxTokens) {
        NativeLibraries.tokenizers();
        String limit = Integer.toString(maxTokens);
        var options =
                Map.of(
                        "truncation",
                        "LONGEST_FIRST",
                        "padding",
                        "DO_NOT_PAD",
                        "maxLength",
                        limit,
                        "modelMaxLength",
                        limit);
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "File (" + path + ") must be a tokenizer: " + e.getMessage(), e);
        }
    }

    /** Frees native memory. A second call does nothing. */
    @Override
    public void close() {
        byLimit.values().forEach(HuggingFaceTokenizer::close);
        byLimit.clear();
    }
}
