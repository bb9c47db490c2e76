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

    /** How many events it holds. */
    public int size() {
        return control == null ? examples.size() : 1;
    }
}
