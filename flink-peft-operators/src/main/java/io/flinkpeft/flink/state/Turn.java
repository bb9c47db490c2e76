package io.flinkpeft.flink.state;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import java.util.List;

/** What is next for an adapter. */
public sealed interface Turn {

    /**
     * Examples that are predicted and learnt together.
     *
     * @param examples at least one
     */
    record Batch(List<Example> examples) implements Turn {

        public Batch {
            examples = List.copyOf(examples);
            if (examples.isEmpty()) {
                throw new IllegalArgumentException("A batch (0 examples) must have at least 1.");
            }
        }

        @Override
        public long bytes() {
            return Turn.bytes(examples);
        }

        @Override
        public int size() {
            return examples.size();
        }
    }

    /** A control, which has its turn alone. */
    record Order(Control control) implements Turn {

        @Override
        public List<Example> examples() {
            return List.of();
        }

        @Override
        public long bytes() {
            return EventSize.of(control);
        }

        @Override
        public int size() {
            return 1;
        }
    }

    /** The examples of a batch; none of an order. */
    List<Example> examples();

    /** Bytes that its events take while they wait. */
    long bytes();

    /** How many events it holds. */
    int size();

    /** Bytes that examples take while they wait. */
    static long bytes(List<Example> examples) {
        return examples.stream().mapToLong(EventSize::of).sum();
    }
}
