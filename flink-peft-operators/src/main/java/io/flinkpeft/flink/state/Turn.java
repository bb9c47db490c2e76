package io.flinkpeft.flink.state;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import java.util.List;

/**
 * What is next for an adapter: a batch of its examples, or a control.
 *
 * @param examples the batch; empty for a control
 * @param control null for a batch
 */
public record Turn(List<Example> examples, Control control) {

    /** Nothing to do. */
    public static final Turn NONE = batch(List.of());

    public Turn {
        examples = List.copyOf(examples);
    }

    /** A batch. */
    public static Turn batch(List<Example> examples) {
        return new Turn(examples, null);
    }

    /** A control. */
    public static Turn control(Control control) {
        return new Turn(List.of(), control);
    }

    /** Bytes that its events take while they wait. */
    public long bytes() {
        return control == null ? bytes(examples) : EventSize.of(control);
    }

    /** Bytes that examples take while they wait. */
    public static long bytes(List<Example> examples) {
        return examples.stream().mapToLong(EventSize::of).sum();
    }

    /** How many events it holds. */
    public int size() {
        return control == null ? examples.size() : 1;
    }
}
