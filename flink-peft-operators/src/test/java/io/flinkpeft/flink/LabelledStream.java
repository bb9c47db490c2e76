package io.flinkpeft.flink;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A stream whose truth is known because it is made from it: what becomes of each example is drawn
 * first, then the records that tell it, spread over partitions.
 */
final class LabelledStream {

    private static final int EXAMPLES = 200;

    private final EventOrder order;
    private final Random random;
    private final List<List<TrainingEvent>> logs =
            IntStream.range(0, 3).<List<TrainingEvent>>mapToObj(i -> new ArrayList<>()).toList();
    private final List<TrainingEvent> drawn = new ArrayList<>();
    private final List<TrainingEvent> truth = new ArrayList<>();
    private final List<TrainingEvent> dead = new ArrayList<>();

    LabelledStream(int seed, EventOrder order) {
        this.order = order;
        this.random = new Random(seed);
        for (int i = 0; i < EXAMPLES; i++) {
            draw(i);
        }
        place();
    }

    private void draw(int i) {
        long time = 1000 + 30L * i;
        var text = Example.unlabelled("adapter-" + i % 2, "text " + i).named("id-" + i);
        var plain = at(text, time);
        var noun = at(text.withLabel("noun"), time);
        switch (random.nextInt(8)) {
            case 0 -> tell(noun, noun);
            case 1 -> tell(plain, noun, feedback(plain, "noun", soon()));
            case 2 -> tell(plain, plain).but(feedback(plain, "noun", tooLate()));
            case 3 -> tell(noun, plain, feedback(plain, null, soon()));
            case 4 -> tell(noun, noun).but(feedback(plain, null, tooLate()));
            case 5 -> tell(noun, noun).but(at(text.withLabel("verb"), time + 1 + soon()));
            case 6 -> {
                long first = random.nextInt(50);
                tell(plain, noun, feedback(plain, "noun", first))
                        .but(feedback(plain, "verb", first + 1 + random.nextInt(40)));
            }
            default -> {
                drawn.add(feedback(plain, "noun", 0));
                dead.add(drawn.get(drawn.size() - 1));
            }
        }
    }

    private long soon() {
        return random.nextInt((int) order.labelWait().toMillis() + 1);
    }

    private long tooLate() {
        return order.labelWait().toMillis() + 1 + random.nextInt(200);
    }

    private static Example at(Example example, long time) {
        return example.at(time, "t", -1, -1);
    }

    private static Feedback feedback(Example example, String label, long after) {
        return new Feedback(
                example.adapterId(),
                example.id(),
                label,
                example.timestampMillis() + after,
                "t",
                -1,
                -1);
    }

    /** Tells records; what the first of them becomes is true. */
    private LabelledStream tell(Example first, Example becomes, Feedback... feedback) {
        drawn.add(first);
        drawn.addAll(List.of(feedback));
        truth.add(becomes);
        return this;
    }

    /** Tells a record that must end as a dead letter. */
    private void but(TrainingEvent record) {
        drawn.add(record);
        dead.add(record);
    }

    /** Gives each record a partition and an offset, in the order of time. */
    private void place() {
        drawn.sort(Comparator.comparingLong(TrainingEvent::timestampMillis));
        for (TrainingEvent record : drawn) {
            int partition = random.nextInt(logs.size());
            var log = logs.get(partition);
            var placed = placed(record, partition, log.size());
            log.add(placed);
            replace(truth, record, placed);
            replace(dead, record, placed);
        }
    }

    private static TrainingEvent placed(TrainingEvent record, int partition, long offset) {
        if (record instanceof Example example) {
            return example.at(example.timestampMillis(), "t", partition, offset);
        }
        var told = (Feedback) record;
        return new Feedback(
                told.adapterId(),
                told.exampleId(),
                told.label(),
                told.timestampMillis(),
                told.topic(),
                partition,
                offset);
    }

    private static void replace(List<TrainingEvent> all, TrainingEvent record, TrainingEvent by) {
        // by id: what is true of an example may have another label than its record
        all.replaceAll(
                event ->
                        event.partition() < 0
                                        && event instanceof Example told
                                        && by instanceof Example example
                                        && told.id().equals(example.id())
                                        && told.timestampMillis() == example.timestampMillis()
                                ? ((Example) by).withLabel(told.label())
                                : event.equals(record) ? by : event);
    }

    Partitions partitions() {
        return new Partitions(logs, order);
    }

    /** What each adapter must be given, in order. */
    Map<String, List<TrainingEvent>> ordered() {
        truth.sort(TrainingEvent.BY_EVENT_TIME);
        return OrderRun.byAdapter(truth);
    }

    /** The places of what must be a dead letter. */
    Set<String> rejected() {
        var places = new TreeSet<String>();
        dead.forEach(event -> places.add(OrderRun.place(event.partition(), event.offset())));
        return places;
    }
}
