package io.flinkpeft.flink;

import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.flink.state.TrainingEventSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** All subtasks of the two operators that bring events into order, in Flink's test harness. */
final class OrderHarness implements AutoCloseable {

    private static final int MAX_PARALLELISM = 128;

    /** What a checkpoint holds. */
    record Snapshot(List<OperatorSubtaskState> late, List<OperatorSubtaskState> order) {}

    private final List<KeyedOneInputStreamOperatorTestHarness<String, TrainingEvent, TrainingEvent>>
            late;
    private final List<KeyedOneInputStreamOperatorTestHarness<String, TrainingEvent, TrainingEvent>>
            order;
    private final int parallelism;

    private OrderHarness(Backend backend, EventOrder order, int parallelism, Snapshot from)
            throws Exception {
        this.parallelism = parallelism;
        this.late = new ArrayList<>();
        this.order = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            late.add(
                    start(
                            backend,
                            SimpleOperatorFactory.of(
                                    new KeyedProcessOperator<>(new LateEvents(order))),
                            LateEvents::partition,
                            from == null ? null : from.late(),
                            i));
            this.order.add(
                    start(
                            backend,
                            new OrderOperatorFactory(order),
                            OnlineTraining::key,
                            from == null ? null : from.order(),
                            i));
        }
    }

    static OrderHarness start(Backend backend, EventOrder order) throws Exception {
        return new OrderHarness(backend, order, 1, null);
    }

    static OrderHarness restore(Backend backend, EventOrder order, Snapshot from, int parallelism)
            throws Exception {
        return new OrderHarness(backend, order, parallelism, from);
    }

    private KeyedOneInputStreamOperatorTestHarness<String, TrainingEvent, TrainingEvent> start(
            Backend backend,
            StreamOperatorFactory<TrainingEvent> operator,
            KeySelector<TrainingEvent, String> key,
            List<OperatorSubtaskState> states,
            int subtask)
            throws Exception {
        var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        operator, key, Types.STRING, MAX_PARALLELISM, parallelism, subtask);
        harness.setStateBackend(backend.create());
        harness.setup(TrainingEventSerializer.INSTANCE);
        if (states != null) {
            harness.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            AbstractStreamOperatorTestHarness.repackageState(
                                    states.toArray(OperatorSubtaskState[]::new)),
                            MAX_PARALLELISM,
                            states.size(),
                            parallelism,
                            subtask));
        }
        harness.open();
        return harness;
    }

    OrderHarness process(TrainingEvent event) throws Exception {
        var first = late.get(subtask(LateEvents.partition(event)));
        first.processElement(new StreamRecord<>(event, event.timestampMillis()));
        var onTime = first.extractOutputValues();
        first.getOutput().clear();
        for (TrainingEvent next : onTime) {
            order.get(subtask(OnlineTraining.key(next)))
                    .processElement(new StreamRecord<>(next, next.timestampMillis()));
        }
        return this;
    }

    OrderHarness process(List<? extends TrainingEvent> events) throws Exception {
        for (TrainingEvent event : events) {
            process(event);
        }
        return this;
    }

    /** Many events, past the operator that takes late ones out. */
    OrderHarness processOnTime(List<? extends TrainingEvent> events) throws Exception {
        for (TrainingEvent event : events) {
            order.get(subtask(OnlineTraining.key(event)))
                    .processElement(new StreamRecord<>(event, event.timestampMillis()));
        }
        return this;
    }

    private int subtask(String key) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                key, MAX_PARALLELISM, parallelism);
    }

    /** A watermark to all subtasks, and all that follows from it. */
    OrderHarness watermark(long millis) throws Exception {
        return watermark(millis, null);
    }

    /**
     * A watermark, and some of the pieces that follow from it, or all if {@code pieces} is null.
     */
    OrderHarness watermark(long millis, Random pieces) throws Exception {
        for (var subtask : order) {
            subtask.processWatermark(new Watermark(millis));
            var mails = subtask.getTaskMailbox();
            while (mails.hasMail() && (pieces == null || pieces.nextInt(3) > 0)) {
                mails.take(0).run();
            }
        }
        return this;
    }

    /** Moves the clock of all subtasks. */
    void clock(long millis) throws Exception {
        for (var subtask : order) {
            subtask.setProcessingTime(millis);
        }
        for (var subtask : late) {
            subtask.setProcessingTime(millis);
        }
    }

    OrderHarness endInput() throws Exception {
        for (var subtask : order) {
            subtask.processWatermark(Watermark.MAX_WATERMARK);
            subtask.endInput();
        }
        return this;
    }

    Snapshot snapshot() throws Exception {
        return new Snapshot(snapshot(late), snapshot(order));
    }

    private static List<OperatorSubtaskState> snapshot(
            List<KeyedOneInputStreamOperatorTestHarness<String, TrainingEvent, TrainingEvent>> all)
            throws Exception {
        var states = new ArrayList<OperatorSubtaskState>();
        for (var subtask : all) {
            states.add(subtask.snapshot(1, 1));
        }
        return states;
    }

    /** What went on, of one adapter in its order. */
    List<TrainingEvent> ordered() {
        return order.stream().flatMap(subtask -> subtask.extractOutputValues().stream()).toList();
    }

    /** All that went on from the first subtask, watermarks too. */
    List<Object> output() {
        return new ArrayList<>(order.get(0).getOutput());
    }

    /** What went on from the first subtask since the last call, watermarks too. */
    List<Object> newOutput() {
        var output = output();
        order.get(0).getOutput().clear();
        return output;
    }

    /** How many values the second operator keeps, on the heap. */
    int stateEntries() {
        return order.stream().mapToInt(subtask -> subtask.numKeyedStateEntries()).sum();
    }

    /** How many events wait, as the metric says. */
    long waiting() {
        return order.stream()
                .mapToLong(subtask -> ((OrderOperator) subtask.getOperator()).waitingEvents())
                .sum();
    }

    List<Rejected> rejected() {
        return IntStream.range(0, parallelism)
                .boxed()
                .flatMap(i -> List.of(late.get(i), order.get(i)).stream())
                .map(subtask -> subtask.getSideOutput(TrainingOutputs.REJECTED))
                .filter(queue -> queue != null)
                .flatMap(queue -> queue.stream().map(StreamRecord::getValue))
                .toList();
    }

    @Override
    public void close() {
        try {
            for (var subtask : late) {
                subtask.close();
            }
            for (var subtask : order) {
                subtask.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("The operators did not close.", e);
        }
    }
}
