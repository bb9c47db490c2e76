package io.flinkpeft.train;

import io.flinkpeft.evaluation.AnswerEvaluation;
import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.evaluation.LabelEvaluation;
import io.flinkpeft.evaluation.TextEvaluation;
import io.flinkpeft.evaluation.WordEvaluation;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.ModelHead;

/** Where the answers of a model come from. */
public enum HeadKind {
    /**
     * A head for streams: the base's own pooling, normalised features, a linear layer that starts
     * at zero, has its own learning rate and grows with new labels.
     */
    STREAM(TaskType.FEATURE_EXTRACTION, Answer.LABEL),
    /** The checkpoint's own head, with the labels of its {@code id2label}. */
    MODEL(TaskType.SEQ_CLS, Answer.LABEL),
    /** The checkpoint's own head for each word, with the labels of its {@code id2label}. */
    TOKENS(TaskType.TOKEN_CLS, Answer.LABELS),
    /** The checkpoint's own head for the first and the last token of an answer. */
    SPANS(TaskType.QUESTION_ANS, Answer.SPAN),
    /** The checkpoint's own words at a gap, by a {@link Cloze}; nothing of it is trained. */
    CLOZE(TaskType.UNSPECIFIED, Answer.LABEL),
    /** The checkpoint's own probabilities of the next token; nothing of it is trained. */
    CAUSAL_LM(TaskType.CAUSAL_LM, Answer.TEXT),
    /**
     * The probabilities of a target's next token that a checkpoint of an encoder-decoder has;
     * nothing of it is trained.
     */
    SEQ_2_SEQ_LM(TaskType.SEQ_2_SEQ_LM, Answer.TEXT);

    /** The form of an answer. */
    private enum Answer {
        LABEL,
        LABELS,
        SPAN,
        TEXT
    }

    private final TaskType task;
    private final Answer answer;

    HeadKind(TaskType task, Answer answer) {
        this.task = task;
        this.answer = answer;
    }

    /** What PEFT calls a model with this head. */
    TaskType task() {
        return task;
    }

    /** Whether answers have the same form. */
    boolean answersLike(HeadKind other) {
        return answer == other.answer;
    }

    /** Whether it predicts one label a text. */
    public boolean classifies() {
        return answer == Answer.LABEL;
    }

    /** Whether it predicts tokens of a vocabulary, and so can generate them. */
    public boolean generates() {
        return answer == Answer.TEXT;
    }

    /** Whether an adapter learns from an example. */
    public boolean learnsFrom(Example example) {
        return switch (this) {
            case STREAM, MODEL, TOKENS, CLOZE -> example.label() != null;
            case CAUSAL_LM -> true;
            case SPANS, SEQ_2_SEQ_LM -> example.target() != null;
        };
    }

    /** What measures its predictions; {@link PrequentialResult} has both of its arguments. */
    public Evaluation evaluation() {
        return switch (answer) {
            case LABEL -> new LabelEvaluation();
            case LABELS -> new WordEvaluation();
            case SPAN -> new AnswerEvaluation();
            case TEXT -> new TextEvaluation();
        };
    }

    /** What is asked about a text under a head. */
    Task asked(ModelHead head) {
        return switch (this) {
            case STREAM, MODEL -> new ClassificationTask(head.answersByLastToken());
            case TOKENS -> new TokenClassificationTask();
            case SPANS -> new SpanTask();
            case CLOZE -> throw new IllegalStateException("a cloze has a template");
            case CAUSAL_LM -> new CausalLmTask();
            case SEQ_2_SEQ_LM -> new Seq2SeqLmTask();
        };
    }
}
