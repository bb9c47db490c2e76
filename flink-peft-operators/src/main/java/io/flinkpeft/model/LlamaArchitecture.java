package io.flinkpeft.model;

import io.flinkpeft.method.ModelShape;
import io.flinkpeft.method.SublayerPlace;
import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Llama, Qwen 2 and Qwen 3; their kernel is {@code kernels/llama.py}. */
final class LlamaArchitecture implements Architecture {

    private static final String VOCABULARY = Modules.OUTPUT + ".weight";

    private final LlamaConfig config;
    private final Modules modules;

    LlamaArchitecture(LlamaConfig config) {
        this.config = config;
        this.modules = modules(config);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public String kernel() {
        return "llama";
    }

    @Override
    public List<String> kernels() {
        return List.of("causal", kernel());
    }

    @Override
    public Map<TaskType, ModelHead> heads() {
        return DecoderHeads.of(config.hiddenSize(), DecoderHeads.SCORE);
    }

    @Override
    public String activation() {
        return Activation.of(config.activation()).expression();
    }

    @Override
    public BaseConstants constants() {
        return new BaseConstants()
                .with("heads", config.heads())
                .with("epsilon", config.epsilon())
                .with("frequencies", config.rotation().frequencies(config.headSize()));
    }

    @Override
    public ModelShape shape() {
        int keyWidth = config.keyHeads() * config.headSize();
        return new ModelShape(
                config.layers(), config.heads(), config.keyHeads(), keyWidth, config.hiddenSize());
    }

    @Override
    public Pooling pooling() {
        return Pooling.LAST;
    }

    @Override
    public String prefix() {
        return "model.";
    }

    /** For question answering transformers calls the model so. */
    @Override
    public String prefix(TaskType task) {
        return task == TaskType.QUESTION_ANS ? "transformer." : prefix();
    }

    @Override
    public List<SublayerPlace> sublayers() {
        return List.of(
                new SublayerPlace(
                        ".self_attn.o_proj", ".attention_adapters", SublayerPlace.Kind.ATTENTION),
                new SublayerPlace(
                        ".mlp.down_proj", ".output_adapters", SublayerPlace.Kind.FEED_FORWARD));
    }

    @Override
    public Modules modules() {
        return modules;
    }

    @Override
    public boolean mayLack(String tensor) {
        return tensor.equals(VOCABULARY);
    }

    @Override
    public Optional<String> tiedOutput() {
        return Optional.of(VOCABULARY).filter(name -> config.tied());
    }

    @Override
    public Optional<String> vocabulary() {
        return Optional.of(config.tied() ? "embed_tokens.weight" : VOCABULARY);
    }

    private static Modules modules(LlamaConfig config) {
        int hidden = config.hiddenSize();
        Modules modules = new Modules();
        modules.embedding("word_embedding", "embed_tokens", config.vocabularySize(), hidden);
        modules.layers("layers", "Layer", config.layers(), i -> layer(modules, i, config));
        return modules.rmsNorm("last_norm", "norm", hidden)
                .output(hidden, config.vocabularySize(), config.tied());
    }

    private static void layer(Modules modules, int number, LlamaConfig config) {
        int hidden = config.hiddenSize();
        int wide = config.intermediateSize();
        int queries = config.heads() * config.headSize();
        int keys = config.keyHeads() * config.headSize();
        LlamaConfig.Bias bias = config.bias();
        String layer = "layers." + number + ".";
        String attention = layer + "self_attn.";
        modules.rmsNorm("attention_norm", layer + "input_layernorm", hidden)
                .linear("query", attention + "q_proj", hidden, queries, bias.input())
                .linear("key", attention + "k_proj", hidden, keys, bias.input())
                .linear("value", attention + "v_proj", hidden, keys, bias.input())
                .linear("attention_output", attention + "o_proj", queries, hidden, bias.output());
        if (config.headNorms()) {
            modules.rmsNorm("query_norm", attention + "q_norm", config.headSize())
                    .rmsNorm("key_norm", attention + "k_norm", config.headSize());
        } else {
            modules.noRmsNorm("query_norm").noRmsNorm("key_norm");
        }
        modules.rmsNorm("feed_forward_norm", layer + "post_attention_layernorm", hidden)
                .linear("gate", layer + "mlp.gate_proj", hidden, wide, bias.feedForward())
                .linear("up", layer + "mlp.up_proj", hidden, wide, bias.feedForward())
                .linear("down", layer + "mlp.down_proj", wide, hidden, bias.feedForward());
    }
}
