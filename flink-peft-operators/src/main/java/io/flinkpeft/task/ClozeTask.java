package io.flinkpeft.task;

import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.evaluation.LabelEvaluation;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.model.UnknownTokenException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * One label for a text, by the checkpoint's own words at the mask of a template; nothing of its
 * head is trained. The outputs are the labels' scores.
 *
 * @param template the template and the words; null until they are given
 * @param words the tokens of the words, label by label; empty until they are those of a base
 * @param labelsOfWords the number of each word's label
 */
public record ClozeTask(Cloze template, List<Long> words, List<Long> labelsOfWords)
        implements Task {

    /** The value of {@code head.kind}. */
    public static final String NAME = "CLOZE";

    /** The task without its template, as an option names it. */
    public ClozeTask() {
        this(null);
    }

    /** The task by a template. */
    public ClozeTask(Cloze template) {
        this(template, List.of(), List.of());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String verb() {
        return Classes.VERB;
    }

    /** PEFT has none. */
    @Override
    public TaskType peftType() {
        return TaskType.UNSPECIFIED;
    }

    /** PEFT's methods for prompts must have a type; extraction fits. */
    @Override
    public TaskType methodType() {
        return TaskType.FEATURE_EXTRACTION;
    }

    @Override
    public boolean trainsHead() {
        return false;
    }

    @Override
    public boolean predictsOneLabel() {
        return true;
    }

    @Override
    public Optional<Cloze> cloze() {
        return Optional.ofNullable(template);
    }

    @Override
    public void checkComplete() {
        required();
    }

    @Override
    public void checkAlone() {
        if (required().virtualTokens() > 0) {
            throw new IllegalArgumentException(
                    "template ("
                            + template.template()
                            + ") has places for virtual tokens, must have an adapter for them.");
        }
    }

    private Cloze required() {
        return cloze().orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "head.kind (CLOZE) must have a template and words. Maybe"
                                                + " set head.cloze."));
    }

    /** A checkpoint has no template. */
    @Override
    public boolean isOwnOf(ModelDirectory model) {
        return false;
    }

    @Override
    public void check(PeftConfig method, AttachedMethod attachment) {
        int places = required().virtualTokens();
        if (places > 0 && places != attachment.promptTokens()) {
            throw new IllegalArgumentException(
                    "template ("
                            + template.template()
                            + ") has places for "
                            + places
                            + " virtual tokens, peft_type ("
                            + method.peftType()
                            + ") has "
                            + attachment.promptTokens()
                            + " to place, must have as many. Maybe use PROMPT_TUNING or P_TUNING.");
        }
    }

    @Override
    public void check(TextEncoder encoder) {
        encoder.cloze(template, "", "");
    }

    /**
     * The task with the tokens of its words.
     *
     * @throws IllegalArgumentException if a word is not one token of the base
     */
    @Override
    public ClozeTask on(BaseModel base) {
        List<Long> tokens = new ArrayList<>();
        List<Long> owners = new ArrayList<>();
        List<String> labels = required().labels();
        for (int i = 0; i < labels.size(); i++) {
            for (String word : template.verbalizer().get(labels.get(i))) {
                tokens.add(token(word, base));
                owners.add((long) i);
            }
        }
        return new ClozeTask(template, List.copyOf(tokens), List.copyOf(owners));
    }

    /** The token of a word after a space. */
    private static long token(String word, BaseModel base) {
        Tokens tokens = base.tokenizer().encodeContinuation(" " + word, Integer.MAX_VALUE);
        int rows = base.directory().config().vocabularySize();
        long[] ids = UnknownTokenException.refuse(tokens, rows).ids();
        if (ids.length != 1) {
            throw new IllegalArgumentException(
                    "verbalizer has word ("
                            + word
                            + ") of "
                            + ids.length
                            + " tokens, must have words of one. Maybe use a shorter word.");
        }
        return ids[0];
    }

    @Override
    public List<String> programs() {
        return List.of("cloze");
    }

    @Override
    public ModelHead head(BaseModel base) {
        if (!base.hasMaskedLm() || required().hasMask() && base.tokenizer().maskId() < 0) {
            throw Heads.lacks(
                    this, base, "has no head for words at a mask", "the ForMaskedLM checkpoint");
        }
        return Task.super.head(base);
    }

    @Override
    public Optional<List<String>> fixedLabels() {
        return Optional.of(required().labels());
    }

    @Override
    public boolean learnsFrom(ExampleContent content) {
        return content.label() != null;
    }

    @Override
    public String taughtBy() {
        return "label";
    }

    @Override
    public Optional<String> refusal(ExampleContent content, List<String> labels) {
        return Classes.refusal(content);
    }

    @Override
    public List<String> labels(ExampleContent content) {
        return Classes.labels(content);
    }

    @Override
    public ExampleContent good(List<String> labels) {
        return Classes.good(labels);
    }

    @Override
    public ModelInput encode(ExampleContent content, List<String> labels, TextEncoder encoder) {
        ClozeText text = encoder.cloze(template, content.text(), content.textPair());
        return text.mask() < 0
                ? new ModelInput(text.tokens(), new int[0], new long[0])
                : new ModelInput(
                        text.tokens(),
                        new int[] {text.mask()},
                        new long[] {Classes.target(content, labels)});
    }

    /** The numbers of the labels, then the words. */
    @Override
    public Targets targets(List<ModelInput> inputs) {
        LongStream words =
                Stream.of(this.words, labelsOfWords)
                        .flatMapToLong(list -> list.stream().mapToLong(Long::longValue));
        LongStream own = LongStream.of(Targets.classes(inputs).values());
        return new Targets.Classes(LongStream.concat(own, words).toArray());
    }

    @Override
    public Label decode(ModelInput input, float[][] outputs, List<String> known) {
        return Classes.decode(input, outputs, known, Scoring.SOFTMAX);
    }

    @Override
    public double loss(ModelInput input, float[][] outputs) {
        return Classes.loss(input, outputs);
    }

    @Override
    public Evaluation evaluation() {
        return new LabelEvaluation();
    }

    @Override
    public List<AnswerColumn> columns() {
        return Label.COLUMNS;
    }
}
