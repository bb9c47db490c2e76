package io.flinkpeft.method.prompt;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.Site;
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
 * @param initialisation what they start from; default {@link PromptInitialisation#RANDOM}
 * @param text for {@link PromptInitialisation#TEXT}; otherwise empty
 * @param tokenizer where PEFT finds the tokenizer for the text; may be empty
 * @param pooled what the model's own head reads; default {@link PooledToken#FIRST_VIRTUAL}
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 * @see <a href="https://arxiv.org/abs/2104.08691">Lester et al., The power of scale for
 *     parameter-efficient prompt tuning, 2021, section 2</a>
 */
public record PromptTuningConfig(
        VirtualTokens tokens,
        PromptInitialisation initialisation,
        String text,
        String tokenizer,
        PooledToken pooled,
        TaskType taskType)
        implements PromptMethod {

    static final String PEFT_TYPE = "PROMPT_TUNING";

    public PromptTuningConfig {
        if (initialisation == PromptInitialisation.TEXT && text.isEmpty()) {
            throw new IllegalArgumentException(
                    "prompt_tuning_init_text (empty) must be given for prompt_tuning_init (TEXT).");
        }
    }

    /** So many tokens, and every default. */
    public PromptTuningConfig(int tokens) {
        this(
                VirtualTokens.of(tokens),
                PromptInitialisation.RANDOM,
                "",
                "",
                PooledToken.FIRST_VIRTUAL,
                TaskType.UNSPECIFIED);
    }

    /** The same from word embeddings of random tokens. */
    public PromptTuningConfig fromVocabulary() {
        return new PromptTuningConfig(
                tokens, PromptInitialisation.SAMPLE_VOCAB, "", tokenizer, pooled, taskType);
    }

    /** The same from the word embeddings of a text. */
    public PromptTuningConfig fromText(String text) {
        return new PromptTuningConfig(
                tokens, PromptInitialisation.TEXT, text, tokenizer, pooled, taskType);
    }

    /** The same for a head that reads another token. */
    public PromptTuningConfig withPooled(PooledToken pooled) {
        return new PromptTuningConfig(tokens, initialisation, text, tokenizer, pooled, taskType);
    }

    @Override
    public PromptTuningConfig withTaskType(TaskType taskType) {
        return new PromptTuningConfig(tokens, initialisation, text, tokenizer, pooled, taskType);
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
    public Attachment attach(List<Site> sites, AttachedModel model) {
        VirtualTokens own = tokens.on(model, model.shape().heads(), model.shape().width());
        var config =
                new PromptTuningConfig(own, initialisation, text, tokenizer, pooled, model.task());
        return attachment(config, own, pooled, sites, model);
    }

    /** How trained embeddings before a text's own are attached, once they are in the row. */
    public static Attachment attachment(
            PromptMethod config,
            VirtualTokens tokens,
            PooledToken pooled,
            List<Site> sites,
            AttachedModel model) {
        TensorLayout layout =
                new TensorLayout.Builder()
                        .add(VirtualTokens.EMBEDDINGS, tokens.rows(), tokens.width())
                        .build();
        return attachment(
                        config,
                        Map.of(Hook.EMBEDDING, "prompt"),
                        layout,
                        tokens,
                        pooled,
                        sites,
                        model)
                .build();
    }

    /** How embeddings that a row's tensors make are attached. */
    public static Attachment.Builder attachment(
            PromptMethod config,
            Map<Hook, String> kernels,
            TensorLayout layout,
            VirtualTokens tokens,
            PooledToken pooled,
            List<Site> sites,
            AttachedModel model) {
        return Attachment.builder(config, kernels, layout, sites.size())
                .numbers(tokens.count())
                .prompt(tokens.count(), pooled.place(model, tokens.count()));
    }

    @Override
    public void initialise(Attachment attachment, long seed, float[] row) {
        long stream = Seeds.derive(seed, VirtualTokens.EMBEDDINGS);
        for (int i = 0; i < attachment.tensors().size(); i++) {
            row[i] = Seeds.gaussian(stream, i);
        }
    }

    @Override
    public void initialise(Attachment attachment, long seed, BaseTensors base, float[] row) {
        switch (initialisation) {
            case RANDOM -> initialise(attachment, seed, row);
            case SAMPLE_VOCAB -> fill(attachment, base, sampled(attachment, seed, base), row);
            case TEXT -> fill(attachment, base, base.tokens(text), row);
        }
    }

    private static long[] sampled(Attachment attachment, long seed, BaseTensors base) {
        int[] shape = shape(attachment);
        long vocabulary = base.wordEmbeddings().length / shape[1];
        long stream = Seeds.derive(seed, VirtualTokens.EMBEDDINGS);
        long[] sampled = new long[shape[0]];
        for (int i = 0; i < sampled.length; i++) {
            sampled[i] = Seeds.below(vocabulary, stream, i);
        }
        return sampled;
    }

    /** Copies tokens' embeddings, from the start again when there are no more. */
    private static void fill(Attachment attachment, BaseTensors base, long[] ids, float[] row) {
        float[] table = base.wordEmbeddings();
        int[] shape = shape(attachment);
        for (int i = 0; i < shape[0]; i++) {
            int from = Math.toIntExact(ids[i % ids.length] * shape[1]);
            System.arraycopy(table, from, row, i * shape[1], shape[1]);
        }
    }

    private static int[] shape(Attachment attachment) {
        TensorLayout.Slot slot = attachment.tensors().slots().get(0);
        return new int[] {slot.shape().get(0), slot.shape().get(1)};
    }
}
