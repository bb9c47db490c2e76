package io.flinkpeft.method.prompt;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Map;

/**
 * Prompt tuning: trained embeddings before those of a text.
 *
 * <pre>{@code
 * x = [P; E[ids]]      P [v, d]  trained      E [vocabulary, d]  frozen
 * }</pre>
 *
 * <p>Trains {@code v * d} values. A text gets {@code v} tokens longer. A fresh adapter changes the
 * output.
 *
 * <p>Use it for very many small adapters on a large base; prefer LoRA on a small one, where prompts
 * stay clearly behind.
 *
 * @param tokens how many virtual tokens
 * @param initialization what they start from; default {@link PromptInitialization#RANDOM}
 * @param text for {@link PromptInitialization#TEXT}; otherwise empty
 * @param tokenizer where PEFT finds the tokenizer for the text; may be empty
 * @param pooled what the model's own head reads; default {@link PooledToken#FIRST_VIRTUAL}
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 * @see <a href="https://arxiv.org/abs/2104.08691">Lester et al., The power of scale for
 *     parameter-efficient prompt tuning, 2021, section 2</a>
 */
public record PromptTuningConfig(
        VirtualTokens tokens,
        PromptInitialization initialization,
        String text,
        String tokenizer,
        PooledToken pooled,
        TaskType taskType)
        implements PromptMethod {

    static final String PEFT_TYPE = "PROMPT_TUNING";

    public PromptTuningConfig {
        if (initialization == PromptInitialization.TEXT && text.isEmpty()) {
            throw new IllegalArgumentException(
                    "prompt_tuning_init_text (empty) must be given for prompt_tuning_init (TEXT).");
        }
    }

    /** So many tokens, and every default. */
    public PromptTuningConfig(int tokens) {
        this(
                VirtualTokens.of(tokens),
                PromptInitialization.RANDOM,
                "",
                "",
                PooledToken.FIRST_VIRTUAL,
                TaskType.UNSPECIFIED);
    }

    /** The same from word embeddings of random tokens. */
    public PromptTuningConfig fromVocabulary() {
        return new PromptTuningConfig(
                tokens, PromptInitialization.SAMPLE_VOCAB, "", tokenizer, pooled, taskType);
    }

    /** The same from the word embeddings of a text. */
    public PromptTuningConfig fromText(String text) {
        return new PromptTuningConfig(
                tokens, PromptInitialization.TEXT, text, tokenizer, pooled, taskType);
    }

    /** The same for a head that reads another token. */
    public PromptTuningConfig withPooled(PooledToken pooled) {
        return new PromptTuningConfig(tokens, initialization, text, tokenizer, pooled, taskType);
    }

    @Override
    public PromptTuningConfig withTaskType(TaskType taskType) {
        return new PromptTuningConfig(tokens, initialization, text, tokenizer, pooled, taskType);
    }

    @Override
    public String peftType() {
        return pooled.peftType(PEFT_TYPE);
    }

    @Override
    public String fingerprint() {
        return peftType() + " v=" + tokens.count();
    }

    @Override
    public AttachedMethod attach(List<TargetLayer> sites, AttachedModel model) {
        VirtualTokens own = tokens.on(model, model.shape().heads(), model.shape().width());
        var config =
                new PromptTuningConfig(own, initialization, text, tokenizer, pooled, model.task());
        return attachment(config, own, pooled, sites, model)
                .rules(new PromptStart(initialization, text))
                .build();
    }

    /** How trained embeddings before a text's own are attached, once they are in the row. */
    public static AttachedMethod.Builder attachment(
            PromptMethod config,
            VirtualTokens tokens,
            PooledToken pooled,
            List<TargetLayer> sites,
            AttachedModel model) {
        TensorLayout layout =
                new TensorLayout.Builder()
                        .add(VirtualTokens.EMBEDDINGS, tokens.rows(), tokens.width())
                        .build();
        return attachment(
                config, Map.of(Hook.EMBEDDING, "prompt"), layout, tokens, pooled, sites, model);
    }

    /** How embeddings that a row's tensors make are attached. */
    public static AttachedMethod.Builder attachment(
            PromptMethod config,
            Map<Hook, String> kernels,
            TensorLayout layout,
            VirtualTokens tokens,
            PooledToken pooled,
            List<TargetLayer> sites,
            AttachedModel model) {
        return AttachedMethod.builder(config, kernels, layout, sites.size())
                .numbers(tokens.count())
                .prompt(tokens.count(), pooled.place(model, tokens.count()));
    }

    @Override
    public boolean passesSegments() {
        return pooled.passesSegments();
    }
}
