package io.flinkpeft.flink;

import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.EventOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A run over partitions in a random interleaving, with random checkpoints, also amid the pieces of
 * a watermark, crashes that lose what came behind them, other parallelisms, and a clock that jumps.
 */
final class OrderRun {

    private final Backend backend;
    private final EventOrder order;
    private final Random random;

    private OrderHarness harness;
    private Partitions partitions;
    private Kept kept = Kept.NOTHING; // before the harness started
    private OrderHarness.Snapshot checkpoint;
    private int[] offsets;
    private Kept checkpointed;
    private int crashes;

    /** What is committed with a checkpoint. */
    private record Kept(List<TrainingEvent> ordered, List<Rejected> rejected) {

        static final Kept NOTHING = new Kept(List.of(), List.of());

        Kept plus(OrderHarness harness) {
            return new Kept(join(ordered, harness.ordered()), join(rejected, harness.rejected()));
        }

        private static <T> List<T> join(List<T> first, List<T> second) {
            var all = new ArrayList<>(first);
            all.addAll(second);
            return all;
        }
    }

    /** What came of a run: by adapter what went on in order; dead letters by place. */
    record Result(
            Map<String, List<TrainingEvent>> ordered, Map<String, String> rejected, int crashes) {}

    private OrderRun(Backend backend, EventOrder order, int seed) {
        this.backend = backend;
        this.order = order;
        this.random = new Random(seed);
    }

    /** How many runs a test makes: opening RocksDB again and again takes long. */
    static int seeds(Backend backend) {
        return backend == Backend.HEAP ? 5 : 1;
    }

    static Result of(Backend backend, EventOrder order, Partitions partitions, int seed)
            throws Exception {
        return new OrderRun(backend, order, seed).run(partitions);
    }

    private Result run(Partitions all) throws Exception {
        partitions = all.restarted(all.offsets());
        harness = OrderHarness.start(backend, order);
        try {
            while (partitions.hasNext()) {
                harness.process(partitions.next(random));
                disturb();
            }
            kept = kept.plus(harness.endInput());
        } finally {
            harness.close();
        }
        var places =
                kept.rejected.stream().collect(Collectors.toMap(OrderRun::place, Rejected::reason));
        return new Result(byAdapter(kept.ordered), new TreeMap<>(places), crashes);
    }

    private void disturb() throws Exception {
        if (random.nextInt(4) == 0 && partitions.watermark() > Long.MIN_VALUE) {
            harness.watermark(partitions.watermark(), random);
        }
        if (random.nextInt(10) == 0) {
            harness.clock(random.nextInt(1_000_000_000));
        }
        if (random.nextInt(40) == 0) {
            checkpoint = harness.snapshot();
            offsets = partitions.offsets();
            checkpointed = kept.plus(harness);
        }
        if (checkpoint != null && random.nextInt(80) == 0) {
            crashes++;
            harness.close();
            harness = OrderHarness.restore(backend, order, checkpoint, 1 + random.nextInt(3));
            partitions = partitions.restarted(offsets);
            kept = checkpointed;
        }
    }

    static String place(Rejected rejected) {
        return place(rejected.partition(), rejected.offset());
    }

    static String place(int partition, long offset) {
        return partition + "@" + offset;
    }

    static Map<String, List<TrainingEvent>> byAdapter(List<? extends TrainingEvent> events) {
        var byAdapter = new TreeMap<String, List<TrainingEvent>>();
        for (TrainingEvent event : events) {
            byAdapter.computeIfAbsent(event.adapterId(), id -> new ArrayList<>()).add(event);
        }
        return byAdapter;
    }
}
