package io.flinkpeft.task;

import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelHead;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A text as a vector: what a head for streams would read, without the head. It is asked of adapters
 * that were trained on texts as a whole.
 *
 * @param model makes the vectors; null until it is known
 */
public record Embedding(ModelDirectory model) implements Inference {

    /** The word for it. */
    public static final String VERB = "embed";

    private static final Set<TaskType> WHOLE_TEXTS =
            EnumSet.of(TaskType.FEATURE_EXTRACTION, TaskType.SEQ_CLS, TaskType.UNSPECIFIED);

    /** On no base yet. */
    public Embedding() {
        this(null);
    }

    @Override
    public String verb() {
        return VERB;
    }

    @Override
    public boolean serves(Task trained) {
        return WHOLE_TEXTS.contains(trained.peftType());
    }

    /** A head for streams without labels: any base has one. */
    @Override
    public Task alone(ModelDirectory model) {
        return new StreamTask();
    }

    /**
     * The same on a base.
     *
     * @throws IllegalArgumentException if sentence-transformers makes its vectors in a way that is
     *     not known here
     */
    @Override
    public Embedding on(BaseModel base) {
        base.directory().embeddingPrompt();
        return new Embedding(base.directory());
    }

    @Override
    public ModelHead head(BaseModel base) {
        return base.directory().transformsEmbeddings()
                ? StreamTask.head(base, "pooled_vector")
                : StreamTask.head(base, "stream_head", "feature_scores");
    }

    @Override
    public ModelInput encode(ExampleContent content, List<String> labels, TextEncoder encoder) {
        String text = model.embeddingPrompt() + content.text();
        return Classes.encode(text, content.textPair(), new long[] {ModelInput.NONE}, encoder);
    }

    @Override
    public Vector decode(ModelInput input, float[][] outputs, List<String> known) {
        float[] values = outputs[0];
        return new Vector(
                model.transformsEmbeddings() ? model.embedding(values) : values, input.truncated());
    }

    @Override
    public List<AnswerColumn> columns() {
        return Vector.COLUMNS;
    }
}
