package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The head of a masked language model in the checkpoint of an encoder, beside the bare model. It
 * stays as it is, and a checkpoint may be without it.
 *
 * @param prefix of its tensors
 * @param dense its linear layer
 * @param norm the norm behind it
 * @param tied whether its output embedding is that of the words
 */
record MaskedLmHead(String prefix, String dense, String norm, boolean tied) {

    static MaskedLmHead bert(JsonNode config) {
        return new MaskedLmHead(
                "cls.predictions.",
                "transform.dense",
                "transform.LayerNorm",
                TiedOutput.said(config));
    }

    static MaskedLmHead roberta(JsonNode config) {
        return new MaskedLmHead("lm_head.", "dense", "layer_norm", TiedOutput.said(config));
    }

    Modules addTo(Modules modules, BertConfig config) {
        long width = config.hiddenSize();
        long words = config.vocabularySize();
        modules.frozenLinear("masked_lm_dense", prefix + dense, width, width)
                .frozenNorm("masked_lm_norm", prefix + norm, width);
        if (tied) {
            modules.noEmbedding("masked_lm_output");
        } else {
            modules.buffer("masked_lm_output", output(), words, width);
        }
        return modules.buffer("masked_lm_bias", bias(), words);
    }

    /** Its output embedding. */
    String output() {
        return prefix + "decoder.weight";
    }

    /** The same bias by the name that transformers reads first, if a checkpoint has both. */
    String outputBias() {
        return prefix + "decoder.bias";
    }

    /** The tensor that says whether a checkpoint has it. */
    String bias() {
        return prefix + "bias";
    }

    boolean has(String tensor) {
        return tensor.startsWith(prefix);
    }
}
