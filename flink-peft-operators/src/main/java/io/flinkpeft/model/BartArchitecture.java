package io.flinkpeft.model;

import io.flinkpeft.method.ModelShape;
import io.flinkpeft.method.SublayerPlace;
import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** BART; its kernel is {@code kernels/bart.py}. */
final class BartArchitecture implements Architecture {

    private static final String LOGITS_BIAS = "final_logits_bias";

    private static final String VOCABULARY = Modules.OUTPUT + ".weight";

    /** The embedding of positions has rows before that of the first token. */
    private static final int FIRST_POSITION = 2;

    /** {@code config.json} does not say it. */
    private static final double EPSILON = 1e-5;

    private final BartConfig config;
    private final Modules modules;

    BartArchitecture(BartConfig config) {
        this.config = config;
        this.modules = modules(config);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public String kernel() {
        return "bart";
    }

    @Override
    public List<String> kernels() {
        return List.of("causal", "sides", kernel());
    }

    @Override
    public Map<TaskType, ModelHead> heads() {
        return EncoderDecoderHeads.of(config.hiddenSize());
    }

    @Override
    public String activation() {
        return Activation.of(config.activation()).expression();
    }

    @Override
    public BaseConstants constants() {
        return new BaseConstants()
                .with("encoder_heads", config.encoder().heads())
                .with("decoder_heads", config.decoder().heads())
                .with("first_position", FIRST_POSITION)
                .with("embedding_scale", config.scaled() ? Math.sqrt(config.hiddenSize()) : 1)
                .with("epsilon", EPSILON);
    }

    @Override
    public String prefix() {
        return "model.";
    }

    @Override
    public List<SublayerPlace> sublayers() {
        return List.of(
                new SublayerPlace(
                        ".self_attn.out_proj", ".attention_adapters", SublayerPlace.Kind.ATTENTION),
                new SublayerPlace(
                        ".encoder_attn.out_proj",
                        ".cross_attention_adapters",
                        SublayerPlace.Kind.CROSS_ATTENTION),
                new SublayerPlace(".fc2", ".output_adapters", SublayerPlace.Kind.FEED_FORWARD));
    }

    @Override
    public Modules modules() {
        return modules;
    }

    @Override
    public List<String> copiesOfWordEmbedding() {
        return List.of("encoder.embed_tokens", "decoder.embed_tokens");
    }

    @Override
    public boolean mayLack(String tensor) {
        return tensor.equals(LOGITS_BIAS) || tensor.startsWith(Modules.OUTPUT + ".");
    }

    @Override
    public Optional<String> tiedOutput() {
        return Optional.of(VOCABULARY).filter(name -> config.tied());
    }

    @Override
    public Optional<String> vocabulary() {
        return Optional.of(config.tied() ? "shared.weight" : VOCABULARY);
    }

    @Override
    public ModelShape shape() {
        int width = config.hiddenSize();
        return new ModelShape(
                config.layers(),
                config.heads(),
                config.heads(),
                width,
                width,
                config.decoder().layers());
    }

    private static Modules modules(BartConfig config) {
        int width = config.hiddenSize();
        int positions = config.maxPositions() + FIRST_POSITION;
        Modules modules = new Modules();
        modules.embedding("word_embedding", "shared", config.vocabularySize(), width)
                .embedding("encoder_positions", "encoder.embed_positions", positions, width)
                .embedding("decoder_positions", "decoder.embed_positions", positions, width)
                .layerNorm("encoder_norm", "encoder.layernorm_embedding", width)
                .layerNorm("decoder_norm", "decoder.layernorm_embedding", width)
                .buffer("logits_bias", LOGITS_BIAS, 1, config.vocabularySize())
                .output(config.hiddenSize(), config.vocabularySize(), config.tied());
        modules.layers(
                "encoder_layers",
                "EncoderLayer",
                config.encoder().layers(),
                i -> {
                    String layer = "encoder.layers." + i + ".";
                    attention("self_attention", modules, layer + "self_attn", config);
                    feedForward(modules, layer, config.encoder(), config);
                });
        return modules.layers(
                "decoder_layers",
                "DecoderLayer",
                config.decoder().layers(),
                i -> {
                    String layer = "decoder.layers." + i + ".";
                    attention("self_attention", modules, layer + "self_attn", config);
                    attention("cross_attention", modules, layer + "encoder_attn", config);
                    feedForward(modules, layer, config.decoder(), config);
                });
    }

    private static void attention(String field, Modules modules, String name, BartConfig config) {
        int width = config.hiddenSize();
        modules.group(
                field,
                "Attention",
                () ->
                        modules.linear("query", name + ".q_proj", width, width, true)
                                .linear("key", name + ".k_proj", width, width, true)
                                .linear("value", name + ".v_proj", width, width, true)
                                .linear("output", name + ".out_proj", width, width, true)
                                .layerNorm("norm", name + "_layer_norm", width));
    }

    private static void feedForward(
            Modules modules, String layer, BartConfig.Side side, BartConfig config) {
        int width = config.hiddenSize();
        int wide = side.intermediateSize();
        modules.group(
                "feed_forward",
                "FeedForward",
                () ->
                        modules.linear("up", layer + "fc1", width, wide, true)
                                .linear("down", layer + "fc2", wide, width, true)
                                .layerNorm("norm", layer + "final_layer_norm", width));
    }
}
