package io.flinkpeft.task;

import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelHead;

/** The heads that bases have for tasks, and what is said where one lacks it. */
final class Heads {

    private Heads() {}

    /**
     * The head that the base's family has for a task.
     *
     * @throws IllegalArgumentException if it has none, or the base lacks a part of it
     */
    static ModelHead of(Task task, BaseModel base) {
        ModelHead head =
                base.directory()
                        .head(task.peftType())
                        .orElseThrow(
                                () ->
                                        lacks(
                                                task,
                                                base,
                                                "is of a family without a head for "
                                                        + task.peftType(),
                                                otherwise(base)));
        if (head.pooler() && !base.hasPooler()) {
            throw lacks(task, base, "has no pooler.dense", StreamTask.NAME);
        }
        return head;
    }

    /** That of a language model, whose checkpoint must have the output embedding. */
    static ModelHead ofVocabulary(Task task, BaseModel base) {
        ModelHead head = of(task, base);
        if (!base.hasVocabulary()) {
            throw lacks(task, base, "has no lm_head", "the checkpoint with that head");
        }
        return head;
    }

    private static String otherwise(BaseModel base) {
        return base.encodesAndDecodes() ? Seq2SeqLmTask.NAME : StreamTask.NAME;
    }

    static IllegalArgumentException lacks(Task task, BaseModel base, String what, String maybe) {
        return new IllegalArgumentException(
                "Model "
                        + base.directory().path()
                        + " "
                        + what
                        + ", head.kind ("
                        + task.name()
                        + ") must have it. Maybe use "
                        + maybe
                        + ".");
    }
}
