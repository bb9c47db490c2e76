package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tokenizer classes of transformers. All but the first build a tokenizer anew from the
 * vocabulary of {@code tokenizer.json} and what {@code tokenizer_config.json} says.
 */
enum TokenizerKind {
    FILE("", false, Map.of(), "TokenizersBackend", "PreTrainedTokenizer", "PythonBackend"),
    BERT(
            "WordPiece",
            true,
            Map.of(
                    "unk_token",
                    "[UNK]",
                    "sep_token",
                    "[SEP]",
                    "pad_token",
                    "[PAD]",
                    "cls_token",
                    "[CLS]",
                    "mask_token",
                    "[MASK]"),
            "BertTokenizer",
            "ElectraTokenizer",
            "MobileBertTokenizer",
            "LayoutLMTokenizer"),
    DISTILBERT("WordPiece", false, BERT.defaults, "DistilBertTokenizer"),
    ROBERTA(
            "BPE",
            false,
            Map.of(
                    "bos_token",
                    "<s>",
                    "eos_token",
                    "</s>",
                    "unk_token",
                    "<unk>",
                    "sep_token",
                    "</s>",
                    "pad_token",
                    "<pad>",
                    "cls_token",
                    "<s>",
                    "mask_token",
                    "<mask>"),
            "RobertaTokenizer",
            "BartTokenizer"),
    XLM_ROBERTA("Unigram", false, ROBERTA.defaults, "XLMRobertaTokenizer"),
    DEBERTA_V2(
            "Unigram",
            true,
            Map.of(
                    "bos_token",
                    "[CLS]",
                    "eos_token",
                    "[SEP]",
                    "unk_token",
                    "[UNK]",
                    "sep_token",
                    "[SEP]",
                    "pad_token",
                    "[PAD]",
                    "cls_token",
                    "[CLS]",
                    "mask_token",
                    "[MASK]"),
            "DebertaV2Tokenizer"),
    GPT2(
            "BPE",
            false,
            Map.of(
                    "unk_token",
                    "<|endoftext|>",
                    "bos_token",
                    "<|endoftext|>",
                    "eos_token",
                    "<|endoftext|>"),
            "GPT2Tokenizer"),
    LLAMA(
            "BPE",
            false,
            Map.of("unk_token", "<unk>", "bos_token", "<s>", "eos_token", "</s>"),
            "LlamaTokenizer"),
    QWEN2(
            "BPE",
            false,
            Map.of(
                    "unk_token",
                    "<|endoftext|>",
                    "eos_token",
                    "<|endoftext|>",
                    "pad_token",
                    "<|endoftext|>"),
            "Qwen2Tokenizer"),
    T5(
            "Unigram",
            false,
            Map.of("eos_token", "</s>", "unk_token", "<unk>", "pad_token", "<pad>"),
            "T5Tokenizer");

    private static final Map<String, TokenizerKind> BY_MODEL_TYPE =
            Map.of(
                    "bart",
                    ROBERTA,
                    "bert",
                    BERT,
                    "deberta-v2",
                    DEBERTA_V2,
                    "gpt2",
                    GPT2,
                    "qwen2",
                    QWEN2,
                    "qwen3",
                    QWEN2,
                    "roberta",
                    ROBERTA,
                    "xlm-roberta",
                    XLM_ROBERTA,
                    "t5",
                    T5);

    /** Whose directories name a class that transformers does not believe. */
    private static final Set<String> OWN_CLASS = Set.of("qwen2");

    private final String model;
    private final boolean segments;
    private final Map<String, String> defaults;
    private final List<String> names;

    TokenizerKind(String model, boolean segments, Map<String, String> defaults, String... names) {
        this.model = model;
        this.segments = segments;
        this.defaults = defaults;
        this.names = List.of(names);
    }

    /**
     * The class that AutoTokenizer takes.
     *
     * @param modelType of {@code config.json}
     * @param named what {@code tokenizer_config.json}, or else {@code config.json}, calls it; empty
     *     if neither does
     * @throws IllegalArgumentException if it is none of these
     */
    static TokenizerKind of(String modelType, String named) {
        TokenizerKind own = BY_MODEL_TYPE.getOrDefault(modelType, FILE);
        return named.isEmpty() || OWN_CLASS.contains(modelType) ? own : named(named);
    }

    private static TokenizerKind named(String name) {
        String slow = name.endsWith("Fast") ? name.substring(0, name.length() - 4) : name;
        return Arrays.stream(values())
                .filter(kind -> kind.names.contains(slow))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "tokenizer_class ("
                                                + name
                                                + ") must be one of "
                                                + known()
                                                + ", with or without Fast."));
    }

    private static Set<String> known() {
        Set<String> known = new TreeSet<>();
        Arrays.stream(values()).forEach(kind -> known.addAll(kind.names));
        return known;
    }

    /** Whether it hands the model a second text's segment. */
    boolean segments() {
        return segments;
    }

    /** What a named special token is unless a file says otherwise. */
    Map<String, String> defaults() {
        return defaults;
    }

    /** Refuses a {@code tokenizer.json} whose model is another. */
    void check(JsonNode json) {
        String type = json.path("model").path("type").asText();
        if (this != FILE && !type.equals(model)) {
            throw new IllegalArgumentException(
                    "model ("
                            + type
                            + ") must be "
                            + model
                            + " for tokenizer_class "
                            + names.get(0)
                            + ".");
        }
    }
}
