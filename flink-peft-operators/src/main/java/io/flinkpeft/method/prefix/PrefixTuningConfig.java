package io.flinkpeft.method.prefix;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.ModelShape;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.prompt.EncoderTensors;
import io.flinkpeft.method.prompt.PromptMethod;
import io.flinkpeft.method.prompt.VirtualTokens;
import java.util.List;
import java.util.Map;

/**
 * Prefix tuning: every layer attends to trained keys and values before those of a text. With a
 * classification head and without the MLP it is P-tuning v2.
 *
 * <pre>{@code
 * k = [Pk_l; k]   v = [Pv_l; v]     P [v, 2 L d]  trained, the columns of layer l its keys, then values
 *
 * with projection   P = W2 tanh(W1 E + b1) + b2     E [v, d]   W1 [h, d]   W2 [2 L d, h]  trained
 * }</pre>
 *
 * <p>In an encoder-decoder {@link PrefixScope} says which attentions are meant; on DeBERTa, and on
 * the encoder of T5 alone, PEFT has none.
 *
 * <p>Trains {@code 2 L v d} values. The MLP stays behind at export: a version holds {@code P}, the
 * state holds MLP and moments. A fresh adapter changes the output unless it starts at zero.
 *
 * <p>Use it where prompts are too weak; prefer LoRA if training is unstable.
 *
 * @param tokens how many keys and values a layer gets
 * @param projection whether an MLP makes them while training; default false
 * @param hidden {@code h}, features inside the MLP; 0: those of a token; default 0
 * @param zero whether the prefix starts at zero; default false, standard normal
 * @param scope which attentions; default {@link PrefixScope#DECODER_AS_PEFT}
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 * @see <a href="https://arxiv.org/abs/2101.00190">Li and Liang, Prefix-tuning, 2021, section 4</a>
 * @see <a href="https://arxiv.org/abs/2110.07602">Liu et al., P-tuning v2, 2021, section 3</a>
 */
public record PrefixTuningConfig(
        VirtualTokens tokens,
        boolean projection,
        int hidden,
        boolean zero,
        PrefixScope scope,
        TaskType taskType)
        implements PromptMethod {

    public PrefixTuningConfig {
        if (hidden < 0) {
            throw new IllegalArgumentException(
                    "encoder_hidden_size (" + hidden + ") must be at least 1.");
        }
    }

    /** So many tokens, and every default. */
    public PrefixTuningConfig(int tokens) {
        this(
                VirtualTokens.of(tokens),
                false,
                0,
                false,
                PrefixScope.DECODER_AS_PEFT,
                TaskType.UNSPECIFIED);
    }

    /** The same with an MLP while training. */
    public PrefixTuningConfig withProjection(int hidden) {
        return new PrefixTuningConfig(tokens, true, hidden, zero, scope, taskType);
    }

    /** The same, starting at zero. */
    public PrefixTuningConfig fromZero() {
        return new PrefixTuningConfig(tokens, projection, hidden, true, scope, taskType);
    }

    /** The same at other attentions. */
    public PrefixTuningConfig withScope(PrefixScope scope) {
        return new PrefixTuningConfig(tokens, projection, hidden, zero, scope, taskType);
    }

    @Override
    public PrefixTuningConfig withTaskType(TaskType taskType) {
        return new PrefixTuningConfig(tokens, projection, hidden, zero, scope, taskType);
    }

    @Override
    public String peftType() {
        return scope.peftType();
    }

    @Override
    public String fingerprint() {
        return peftType() + " v=" + tokens.count() + " projection=" + projection + " h=" + hidden;
    }

    @Override
    public boolean resumable() {
        return !projection;
    }

    private PrefixTuningConfig on(AttachedModel model) {
        VirtualTokens own = tokens.on(model, model.shape().keyHeads(), model.shape().keyWidth());
        int h = hidden == 0 ? own.width() : hidden;
        checkModel(model);
        checkScope(model.shape());
        return new PrefixTuningConfig(own, projection, h, zero, scope, model.task());
    }

    /** PEFT's prefixes where PEFT has them; at every attention where it has none, or fewer. */
    private void checkModel(AttachedModel model) {
        boolean every = scope == PrefixScope.EVERY_ATTENTION;
        if (every && model.takesPrefixes() && model.shape().decoderLayers() == 0) {
            throw wrongPrefix(
                    model, "on which that of PEFT is the same", PrefixScope.DECODER_AS_PEFT);
        }
        if (!every && !model.takesPrefixes()) {
            throw wrongPrefix(model, "for which PEFT has none", PrefixScope.EVERY_ATTENTION);
        }
    }

    private IllegalArgumentException wrongPrefix(
            AttachedModel model, String why, PrefixScope other) {
        return new IllegalArgumentException(
                "peft_type ("
                        + peftType()
                        + ") must not be used with model_type ("
                        + model.modelType()
                        + "), "
                        + why
                        + ". Maybe use "
                        + other.peftType()
                        + ".");
    }

    private void checkScope(ModelShape shape) {
        boolean asPeft = scope == PrefixScope.DECODER_AS_PEFT;
        boolean regular =
                shape.decoderLayers() == shape.layers() && shape.keyWidth() == shape.width();
        if (shape.decoderLayers() > 0 && asPeft && !regular) {
            throw new IllegalArgumentException(
                    "peft_type ("
                            + peftType()
                            + ") must be for a model with as many layers in the decoder ("
                            + shape.decoderLayers()
                            + ") as in the encoder ("
                            + shape.layers()
                            + ") and keys ("
                            + shape.keyWidth()
                            + ") as wide as a token ("
                            + shape.width()
                            + "). Maybe use "
                            + PrefixScope.EVERY_ATTENTION.peftType()
                            + ".");
        }
    }

    @Override
    public AttachedMethod attach(List<TargetLayer> sites, AttachedModel model) {
        if (!projection) {
            return attachServing(sites, model);
        }
        PrefixTuningConfig own = on(model);
        int d = own.tokens.width();
        int all = own.columns(model.shape());
        var layout =
                new TensorLayout.Builder()
                        .add(EncoderTensors.EMBEDDING, own.tokens.count(), d)
                        .add(PrefixRules.FIRST + ".weight", own.hidden, d)
                        .add(PrefixRules.FIRST + ".bias", own.hidden)
                        .add(PrefixRules.SECOND + ".weight", all, own.hidden)
                        .add(PrefixRules.SECOND + ".bias", all)
                        .build();
        var kernels = Map.of(Hook.KEYS_VALUES, "prefix", Hook.PROMPT, "prefix_mlp");
        return attachment(own, kernels, layout, sites, model.shape());
    }

    @Override
    public AttachedMethod attachServing(List<TargetLayer> sites, AttachedModel model) {
        PrefixTuningConfig own = on(model);
        var layout =
                new TensorLayout.Builder()
                        .add(
                                VirtualTokens.EMBEDDINGS,
                                own.tokens.count(),
                                own.columns(model.shape()))
                        .build();
        var kernels = Map.of(Hook.KEYS_VALUES, "prefix");
        return attachment(own, kernels, layout, sites, model.shape());
    }

    private int columns(ModelShape shape) {
        boolean asPeft = scope == PrefixScope.DECODER_AS_PEFT;
        int attentions = asPeft ? shape.layers() : shape.attentions();
        return Math.multiplyExact(2 * attentions, tokens.width());
    }

    /** What the kernel reads. */
    private double[] numbers(ModelShape shape) {
        return shape.decoderLayers() > 0 && scope == PrefixScope.DECODER_AS_PEFT
                ? new double[] {tokens.count(), shape.layers(), shape.decoderLayers()}
                : new double[] {tokens.count()};
    }

    private static AttachedMethod attachment(
            PrefixTuningConfig config,
            Map<Hook, String> kernels,
            TensorLayout layout,
            List<TargetLayer> sites,
            ModelShape shape) {
        boolean encoded = kernels.containsKey(Hook.PROMPT);
        return AttachedMethod.builder(config, kernels, layout, sites.size())
                .numbers(config.numbers(shape))
                .prefix(config.tokens.count())
                .rules(new PrefixRules(encoded, config.zero()))
                .build();
    }

    @Override
    public boolean passesSegments() {
        return scope.passesSegments();
    }
}
