package io.flinkpeft.method.ptuning;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.Magnitude;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.prompt.PooledToken;
import io.flinkpeft.method.prompt.PromptMethod;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.prompt.VirtualTokens;
import java.util.List;
import java.util.Map;

/**
 * P-tuning: embeddings before those of a text, made by an encoder that is thrown away.
 *
 * <pre>{@code
 * x = [P; E[ids]]
 * MLP    P = W3 relu(W2 relu(W1 U + b1) + b2) + b3     W1 [h, d]    W2 [h, h]      W3 [d, h]
 * LSTM   P = W2 relu(W1 BiLSTM(U) + b1) + b2           W1 [2h, 2h]  W2 [d, 2h]
 *
 *   U [v, d]  trained, with the encoder
 * }</pre>
 *
 * <p>A version holds {@code P}, {@code v * d} values; the state holds {@code U}, the encoder and
 * their moments. A fresh adapter changes the output.
 *
 * <p>Use it where prompt tuning does not settle; its encoder ties the virtual tokens together.
 *
 * @param tokens how many virtual tokens
 * @param encoder what makes them; default {@link PromptEncoder#MLP}
 * @param hidden {@code h}; 0: features of a token; default 0
 * @param layers of the LSTM, 1 to 64; the MLP always has three; default 2
 * @param dropout between layers of the LSTM while training, in [0, 1); default 0
 * @param pooled what the model's own head reads; default {@link PooledToken#FIRST_VIRTUAL}
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 * @see <a href="https://arxiv.org/abs/2103.10385">Liu et al., GPT understands, too, 2021, section
 *     3</a>
 */
public record PTuningConfig(
        VirtualTokens tokens,
        PromptEncoder encoder,
        int hidden,
        int layers,
        double dropout,
        PooledToken pooled,
        TaskType taskType)
        implements PromptMethod {

    static final String PEFT_TYPE = "P_TUNING";

    private static final int MOST_LAYERS = 64;

    public PTuningConfig {
        if (hidden < 0) {
            throw new IllegalArgumentException(
                    "encoder_hidden_size (" + hidden + ") must be at least 1.");
        }
        Magnitude.count("encoder_num_layers", layers, MOST_LAYERS, " Maybe use 2.");
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException(
                    "encoder_dropout (" + dropout + ") must be at least 0 and less than 1.");
        }
    }

    /** So many tokens, and every default. */
    public PTuningConfig(int tokens) {
        this(
                VirtualTokens.of(tokens),
                PromptEncoder.MLP,
                0,
                2,
                0,
                PooledToken.FIRST_VIRTUAL,
                TaskType.UNSPECIFIED);
    }

    /** The same with another encoder. */
    public PTuningConfig withEncoder(PromptEncoder encoder, int hidden) {
        return new PTuningConfig(tokens, encoder, hidden, layers, dropout, pooled, taskType);
    }

    /** The same with dropout between the LSTM's layers. */
    public PTuningConfig withDropout(double dropout) {
        return new PTuningConfig(tokens, encoder, hidden, layers, dropout, pooled, taskType);
    }

    /** The same for a head that reads another token. */
    public PTuningConfig withPooled(PooledToken pooled) {
        return new PTuningConfig(tokens, encoder, hidden, layers, dropout, pooled, taskType);
    }

    @Override
    public PTuningConfig withTaskType(TaskType taskType) {
        return new PTuningConfig(tokens, encoder, hidden, layers, dropout, pooled, taskType);
    }

    @Override
    public String peftType() {
        return pooled.peftType(PEFT_TYPE);
    }

    @Override
    public String fingerprint() {
        return peftType()
                + " v="
                + tokens.count()
                + " "
                + encoder
                + " h="
                + hidden
                + " layers="
                + layers;
    }

    @Override
    public boolean resumable() {
        return false;
    }

    private PTuningConfig on(AttachedModel model) {
        VirtualTokens own = tokens.on(model, model.shape().heads(), model.shape().width());
        int h = hidden == 0 ? own.width() : hidden;
        return new PTuningConfig(own, encoder, h, layers, dropout, pooled, model.task());
    }

    @Override
    public AttachedMethod attach(List<TargetLayer> sites, AttachedModel model) {
        PTuningConfig own = on(model);
        TensorLayout layout =
                switch (encoder) {
                    case MLP -> MlpEncoder.layout(own.tokens, own.hidden);
                    case LSTM -> LstmEncoder.layout(own.tokens, own.hidden, layers);
                };
        String encoderText =
                switch (encoder) {
                    case MLP -> "prompt_mlp";
                    case LSTM -> "prompt_lstm";
                };
        return PromptTuningConfig.attachment(
                        own,
                        Map.of(Hook.EMBEDDING, "prompt", Hook.PROMPT, encoderText),
                        layout,
                        own.tokens,
                        pooled,
                        sites,
                        model)
                .numbers(own.tokens.count(), layers)
                .dropout(dropout)
                .rules(new PTuningRules(encoder, layers))
                .build();
    }

    @Override
    public AttachedMethod attachServing(List<TargetLayer> sites, AttachedModel model) {
        PTuningConfig own = on(model);
        return PromptTuningConfig.attachment(own, own.tokens, pooled, sites, model).build();
    }

    @Override
    public boolean passesSegments() {
        return pooled.passesSegments();
    }
}
