package io.flinkpeft.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.method.ModelShape;
import io.flinkpeft.method.SublayerPlace;
import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * T5, v1.0 and v1.1, or its encoder alone; its kernels are {@code kernels/t5.py} and one for what
 * is read.
 */
final class T5Architecture implements Architecture {

    private static final String BIAS = ".block.0.layer.0.SelfAttention.relative_attention_bias";

    private final T5Config config;
    private final Modules modules;

    T5Architecture(T5Config config) {
        this.config = config;
        this.modules = modules(config);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public String kernel() {
        return "t5";
    }

    @Override
    public List<String> kernels() {
        return config.encoderAlone()
                ? List.of(kernel(), "t5_encoder")
                : List.of("causal", "sides", kernel(), "t5_decoder");
    }

    @Override
    public Map<TaskType, ModelHead> heads() {
        if (!config.encoderAlone()) {
            return EncoderDecoderHeads.of(config.hiddenSize());
        }
        return Map.of(
                TaskType.TOKEN_CLS,
                EncoderHeads.words(EncoderHeads.CLASSIFIER, config.hiddenSize()));
    }

    @Override
    public String activation() {
        return Activation.of(config.activation()).expression();
    }

    @Override
    public BaseConstants constants() {
        return new BaseConstants()
                .with("heads", config.heads())
                .with("encoder_attention", 2 * config.decoderLayers())
                .with("buckets", config.buckets())
                .with("max_distance", config.maxDistance())
                .with("output_scale", config.scaled() ? 1 / Math.sqrt(config.hiddenSize()) : 1)
                .with("epsilon", config.epsilon());
    }

    @Override
    public String prefix() {
        return "";
    }

    /** For classification transformers has the model in a module. */
    @Override
    public String prefix(TaskType task) {
        return task == TaskType.SEQ_CLS || task == TaskType.TOKEN_CLS ? "transformer." : prefix();
    }

    @Override
    public List<SublayerPlace> sublayers() {
        return List.of(
                new SublayerPlace(".SelfAttention.o", "", SublayerPlace.Kind.ATTENTION),
                new SublayerPlace(".EncDecAttention.o", "", SublayerPlace.Kind.CROSS_ATTENTION),
                new SublayerPlace(".DenseReluDense.wo", "", SublayerPlace.Kind.FEED_FORWARD));
    }

    @Override
    public Modules modules() {
        return modules;
    }

    @Override
    public List<String> copiesOfWordEmbedding() {
        return config.encoderAlone()
                ? List.of("encoder.embed_tokens")
                : List.of("encoder.embed_tokens", "decoder.embed_tokens");
    }

    /** Checkpoints whose output embedding is the words' may have one of them only. */
    @Override
    public boolean mayLack(String tensor) {
        return tensor.startsWith(Modules.OUTPUT + ".");
    }

    @Override
    public Optional<String> tiedOutput() {
        return Optional.of(Modules.OUTPUT + ".weight")
                .filter(name -> config.tied() && !config.encoderAlone());
    }

    /** Hidden states stay divided. */
    @Override
    public ObjectNode untied(ObjectNode config) {
        return config.put("tie_word_embeddings", false)
                .put("scale_decoder_outputs", this.config.scaled());
    }

    /** transformers ties them whatever {@code tie_word_embeddings} says, which only scales. */
    @Override
    public Optional<String> vocabulary() {
        return config.encoderAlone() ? Optional.empty() : Optional.of("shared.weight");
    }

    /** Of PEFT's prefixes there are none before an encoder's keys. */
    @Override
    public boolean takesPrefixes() {
        return !config.encoderAlone();
    }

    @Override
    public ModelShape shape() {
        return new ModelShape(
                config.layers(),
                config.heads(),
                config.heads(),
                config.heads() * config.headSize(),
                config.hiddenSize(),
                config.decoderLayers());
    }

    private static Modules modules(T5Config config) {
        boolean alone = config.encoderAlone();
        int hidden = config.hiddenSize();
        Modules modules = new Modules();
        int heads = config.heads();
        modules.embedding("word_embedding", "shared", config.vocabularySize(), hidden)
                .embedding("encoder_distances", "encoder" + BIAS, config.buckets(), heads);
        if (alone) {
            modules.rmsNorm("encoder_norm", "encoder.final_layer_norm", hidden);
        } else {
            modules.embedding("decoder_distances", "decoder" + BIAS, config.buckets(), heads)
                    .rmsNorm("encoder_norm", "encoder.final_layer_norm", hidden)
                    .rmsNorm("decoder_norm", "decoder.final_layer_norm", hidden)
                    .output(config.hiddenSize(), config.vocabularySize(), config.tied());
        }
        modules.layers(
                "encoder_layers",
                "EncoderLayer",
                config.layers(),
                i -> {
                    String block = "encoder.block." + i + ".layer.";
                    attention("self_attention", modules, block + "0.", "SelfAttention.", config);
                    feedForward(modules, block + "1.", config);
                });
        return modules.layers(
                "decoder_layers",
                "DecoderLayer",
                config.decoderLayers(),
                i -> {
                    String block = "decoder.block." + i + ".layer.";
                    attention("self_attention", modules, block + "0.", "SelfAttention.", config);
                    attention("cross_attention", modules, block + "1.", "EncDecAttention.", config);
                    feedForward(modules, block + "2.", config);
                });
    }

    private static void attention(
            String field, Modules modules, String layer, String name, T5Config config) {
        int width = config.hiddenSize();
        int inner = config.heads() * config.headSize();
        modules.group(
                field,
                "Attention",
                () ->
                        modules.rmsNorm("norm", layer + "layer_norm", width)
                                .linear("query", layer + name + "q", width, inner, false)
                                .linear("key", layer + name + "k", width, inner, false)
                                .linear("value", layer + name + "v", width, inner, false)
                                .linear("output", layer + name + "o", inner, width, false));
    }

    private static void feedForward(Modules modules, String layer, T5Config config) {
        String dense = layer + "DenseReluDense.";
        int width = config.hiddenSize();
        int wide = config.intermediateSize();
        modules.group(
                "feed_forward",
                "FeedForward",
                () -> {
                    modules.rmsNorm("norm", layer + "layer_norm", width);
                    if (config.gated()) {
                        modules.linear("up", dense + "wi_0", width, wide, false)
                                .linear("gated_up", dense + "wi_1", width, wide, false);
                    } else {
                        modules.linear("up", dense + "wi", width, wide, false).noLinear("gated_up");
                    }
                    modules.linear("down", dense + "wo", wide, width, false);
                });
    }
}
