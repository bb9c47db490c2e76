package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Parts of a {@code tokenizer.json}. */
final class TokenizerParts {

    static final String SPACE = "\u2581";

    private TokenizerParts() {}

    static ObjectNode part(String type) {
        return JsonFiles.JSON.createObjectNode().put("type", type);
    }

    static ObjectNode sequence(String field, JsonNode... parts) {
        ObjectNode sequence = part("Sequence");
        ArrayNode all = sequence.putArray(field);
        List.of(parts).forEach(all::add);
        return sequence;
    }

    static ObjectNode bytes(boolean prefix, boolean words) {
        return part("ByteLevel")
                .put("add_prefix_space", prefix)
                .put("trim_offsets", true)
                .put("use_regex", words);
    }

    static ObjectNode metaspace(String scheme, boolean split) {
        return part("Metaspace")
                .put("replacement", SPACE)
                .put("prepend_scheme", scheme)
                .put("split", split);
    }

    static ObjectNode replace(String kind, String pattern, String content) {
        ObjectNode replace = part("Replace");
        replace.putObject("pattern").put(kind, pattern);
        return replace.put("content", content);
    }

    static ObjectNode split(String regex) {
        ObjectNode split = part("Split");
        split.putObject("pattern").put("Regex", regex);
        return split.put("behavior", "Isolated").put("invert", false);
    }

    static ObjectNode bpe(JsonNode model, boolean fallback) {
        ObjectNode bpe = part("BPE").putNull("dropout").putNull("unk_token");
        bpe.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
        bpe.put("fuse_unk", fallback).put("byte_fallback", fallback).put("ignore_merges", false);
        bpe.set("vocab", model.path("vocab"));
        bpe.set("merges", model.path("merges"));
        return bpe;
    }

    static ObjectNode unigram(JsonNode model, int unknown) {
        ObjectNode unigram = part("Unigram").put("unk_id", unknown).put("byte_fallback", false);
        unigram.set("vocab", model.path("vocab"));
        return unigram;
    }

    /**
     * Special tokens around texts.
     *
     * @param single special tokens, and A for the text
     * @param pair the same with B for the second text
     * @param segments whether the second text and the token behind it have a segment of their own
     */
    static ObjectNode template(
            List<String> single, List<String> pair, boolean segments, AddedTokens tokens) {
        ObjectNode template = part("TemplateProcessing");
        pieces(template.putArray("single"), single, false);
        pieces(template.putArray("pair"), pair, segments);
        ObjectNode special = template.putObject("special_tokens");
        for (String piece : single) {
            if (!piece.equals("A")) {
                ObjectNode token = special.putObject(piece).put("id", piece);
                token.putArray("ids").add(tokens.id(piece).orElseThrow());
                token.putArray("tokens").add(piece);
            }
        }
        return template;
    }

    private static void pieces(ArrayNode all, List<String> pieces, boolean segments) {
        int second = pieces.indexOf("B");
        for (int i = 0; i < pieces.size(); i++) {
            String piece = pieces.get(i);
            boolean text = piece.equals("A") || piece.equals("B");
            all.addObject()
                    .putObject(text ? "Sequence" : "SpecialToken")
                    .put("id", piece)
                    .put("type_id", segments && second >= 0 && i >= second ? 1 : 0);
        }
    }
}
