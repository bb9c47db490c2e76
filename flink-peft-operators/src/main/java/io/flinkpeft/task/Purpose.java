package io.flinkpeft.task;

import io.flinkpeft.model.ModelDirectory;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What texts are predicted for, whatever adapter is at hand: the option {@code task} in SQL.
 *
 * @param verb the word for it, one of {@link Tasks#verbs}
 * @param decoding how tokens are chosen where texts are generated
 */
public record Purpose(String verb, Decoding decoding) implements Serializable {

    public Purpose {
        if (!Tasks.verbs().contains(verb)) {
            throw new IllegalArgumentException(
                    "task (" + verb + ") must be one of " + Tasks.verbs() + ".");
        }
    }

    /** Where no text is generated, or a token is enough. */
    public static Purpose of(String verb) {
        return new Purpose(verb, Decoding.greedy(1));
    }

    /** What is asked whatever an adapter was trained for; empty if that itself is. */
    public Optional<Inference> inference() {
        return Stream.<Inference>of(new Embedding(), new Generation(decoding))
                .filter(other -> other.verb().equals(verb))
                .findFirst();
    }

    /** What an adapter is asked; empty if it cannot serve. */
    public Optional<Inference> of(Task trained) {
        Inference asked = inference().orElse(trained);
        return asked.verb().equals(verb) && asked.serves(trained)
                ? Optional.of(asked)
                : Optional.empty();
    }

    /** What a base without an adapter stands for: of several tasks that of its own head. */
    public Task alone(ModelDirectory model) {
        return inference().map(asked -> asked.alone(model)).orElseGet(() -> own(model));
    }

    private Task own(ModelDirectory model) {
        List<Task> some = tasks();
        return Stream.of(
                        some.stream().filter(task -> task.isOwnOf(model)),
                        some.stream().filter(task -> model.head(task.peftType()).isPresent()),
                        some.stream())
                .flatMap(tasks -> tasks)
                .findFirst()
                .orElseThrow();
    }

    private List<Task> tasks() {
        return Tasks.all().stream().filter(task -> task.verb().equals(verb)).toList();
    }

    /** The same with the shortest text that can be generated, to see whether it works. */
    public Purpose trial() {
        return of(verb);
    }

    /** Whether a text is not predicted at all: an empty one may have no token to continue. */
    public boolean leavesOut(String text) {
        return verb.equals(Generation.VERB) && text.isEmpty();
    }

    /** The columns that its predictions have in SQL. */
    public List<AnswerColumn> columns() {
        return inference().orElseGet(() -> tasks().get(0)).columns();
    }
}
