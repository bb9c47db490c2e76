package io.flinkpeft.model;

import io.flinkpeft.method.SublayerPlace;
import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * RoBERTa (Liu et al., 2019, arXiv 1907.11692) and XLM-RoBERTa: BERT with positions that start
 * behind the padding's, without segments, and with a head of two layers on the first token.
 */
final class RobertaArchitecture implements Architecture {

    private final RobertaConfig config;
    private final BertArchitecture encoder;

    RobertaArchitecture(RobertaConfig config, MaskedLmHead maskedLm) {
        this.config = config;
        this.encoder = new BertArchitecture(config.encoder(), maskedLm);
    }

    @Override
    public Optional<MaskedLmHead> maskedLm() {
        return encoder.maskedLm();
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public String kernel() {
        return encoder.kernel();
    }

    /** Its positions count what is no padding, by the number of the token alone. */
    @Override
    public OptionalLong withoutPosition() {
        return OptionalLong.of(config.encoder().padTokenId());
    }

    @Override
    public BaseConstants constants() {
        return encoder.constants(config.firstPosition());
    }

    @Override
    public String activation() {
        return encoder.activation();
    }

    @Override
    public String prefix() {
        return "roberta.";
    }

    @Override
    public List<SublayerPlace> sublayers() {
        return BertArchitecture.SUBLAYERS;
    }

    @Override
    public Modules modules() {
        return encoder.modules();
    }

    @Override
    public Map<TaskType, ModelHead> heads() {
        int hidden = config.hiddenSize();
        var texts = List.of("pooled_head", "cls_pooling", "dense_scores");
        return EncoderHeads.of(hidden, ModelHead.dense(texts, "classifier", hidden));
    }
}
