package io.flinkpeft.flink;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Control.Action;
import io.flinkpeft.event.TrainingEvent;
import java.util.ArrayList;
import java.util.List;

/** {@link Examples} with controls between them; the same index always has the same events. */
final class ControlledExamples {

    private static final int EVERY = 9;

    private ControlledExamples() {}

    /** The last adapter gets no controls. */
    static List<TrainingEvent> of(int from, int to, int adapters, List<String> methods) {
        var events = new ArrayList<TrainingEvent>();
        for (int i = from; i < to; i++) {
            if (i % EVERY == EVERY - 1) {
                events.add(control(i, adapters, methods).at(1000L * i - 1, "texts", 1, i));
            }
            events.add(Examples.example(i, adapters));
        }
        return events;
    }

    private static Control control(int i, int adapters, List<String> methods) {
        int number = i / EVERY;
        String adapter = "adapter-" + number % (adapters - 1);
        return switch (number * 5 / 4 % 9) {
            case 0 -> Control.learningRate(adapter, 0.01 / (1 + number));
            case 1 -> Control.of(adapter, Action.PAUSE);
            case 2, 5 -> Control.method(adapter, methods.get(number % methods.size()));
            case 3, 6 -> Control.of(adapter, Action.RESUME);
            case 4 -> Control.of(adapter, Action.RESET);
            case 7 -> Control.of(adapter, Action.DROP);
            default -> Control.method(adapter, "{}"); // that cannot be
        };
    }
}
