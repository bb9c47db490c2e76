package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.flink.TrainerHarness.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job that is stopped and goes on with other numbers of subtasks learns what one would. */
class RescaleTest {

    private static final int[] SUBTASKS = {1, 2, 3, 4, 7, 2};
    private static final int ADAPTERS = 9;
    private static final int EACH = 60;

    @ParameterizedTest
    @EnumSource
    void eachNumberOfSubtasksLearnsTheSame(Backend backend) throws Exception {
        var settings = TrainingJob.small(TinySettings.DEFAULT);
        var trainer = OnlineTraining.trainers(settings);
        var versions = new TreeMap<String, List<String>>();
        var states = new TreeMap<String, String>();
        List<OperatorSubtaskState> saved = List.of();
        for (int run = 0; run < SUBTASKS.length; run++) {
            List<Example> examples = Examples.of(EACH * run, EACH * (run + 1), ADAPTERS);
            boolean last = run == SUBTASKS.length - 1;
            var next = new ArrayList<OperatorSubtaskState>();
            for (int i = 0; i < SUBTASKS[run]; i++) {
                try (var harness =
                        run == 0
                                ? TrainerHarness.start(backend, settings, trainer)
                                : TrainerHarness.rescale(
                                        backend, settings, trainer, saved, SUBTASKS[run], i)) {
                    harness.process(examples);
                    next.add(harness.snapshot());
                    if (last) {
                        harness.endInput();
                        states.putAll(harness.states());
                    }
                    add(versions, harness.versions());
                }
            }
            saved = next;
        }
        try (var alone = TrainerHarness.start(Backend.HEAP, settings, trainer)) {
            alone.process(Examples.of(0, EACH * SUBTASKS.length, ADAPTERS)).endInput();
            assertThat(versions).isEqualTo(alone.versions()).hasSize(ADAPTERS);
            assertThat(states).isEqualTo(alone.states());
        }
    }

    private static void add(Map<String, List<String>> all, Map<String, List<String>> more) {
        more.forEach((id, names) -> all.computeIfAbsent(id, i -> new ArrayList<>()).addAll(names));
    }
}
