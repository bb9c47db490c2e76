package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.fuzz.PlantedFault;
import io.flinkpeft.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** The trainer's operators with the real engine in Flink's harness, for the fuzzer. */
public final class FuzzedOperator implements AutoCloseable {

    private final TrainingSettings settings;
    private final Trainer.Factory trainers;
    private final List<AdapterVersion> versions = new ArrayList<>();
    private final List<PrequentialResult> predictions = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private final TrainerHarness.Backend backend;
    private final FuzzedOrder order;
    private TrainerHarness harness;

    private FuzzedOperator(
            TrainerHarness.Backend backend, TrainingSettings settings, PlantedFault fault)
            throws Exception {
        this.backend = backend;
        this.settings = settings;
        var engine = OnlineTraining.trainers(settings);
        trainers = () -> new FaultyTrainer(engine.open(), fault);
        order = new FuzzedOrder(backend, settings.order(), fault);
        harness = TrainerHarness.start(backend, settings, trainers);
    }

    /** Opens one with its state in RocksDB. */
    public static FuzzedOperator start(TrainingSettings settings, PlantedFault fault)
            throws Exception {
        return new FuzzedOperator(TrainerHarness.Backend.ROCKSDB, settings, fault);
    }

    /** Opens one without faults, with its state on the heap. */
    public static FuzzedOperator startOnHeap(TrainingSettings settings) throws Exception {
        return new FuzzedOperator(TrainerHarness.Backend.HEAP, settings, PlantedFault.NONE);
    }

    /** Gives it an event. */
    public void process(TrainingEvent event) throws Exception {
        harness.process(order.process(event));
    }

    /** Gives it a watermark, in milliseconds since the epoch. */
    public void watermark(long millis) throws Exception {
        goOn(order.watermark(millis));
    }

    private void goOn(List<Object> output) throws Exception {
        for (Object next : output) {
            if (next instanceof Watermark watermark) {
                harness.flink.processWatermark(watermark);
            } else {
                harness.process(List.of((TrainingEvent) ((StreamRecord<?>) next).getValue()));
            }
        }
    }

    /** Goes on from a checkpoint. */
    public void restart() throws Exception {
        order.restart();
        var state = harness.snapshot();
        take();
        harness.close();
        harness = TrainerHarness.restore(backend, settings, trainers, state);
    }

    /** Learns what waits, and cuts last versions. */
    public void end() throws Exception {
        goOn(order.end());
        harness.endInput();
        take();
        rejected.addAll(order.rejected());
    }

    private void take() {
        versions.addAll(harness.flink.extractOutputValues());
        harness.predictions().values().forEach(predictions::addAll);
        rejected.addAll(harness.rejected());
    }

    /** The versions that it cut, in order. */
    public List<AdapterVersion> versions() {
        return versions;
    }

    /** Its predictions, those of an adapter in order. */
    public List<PrequentialResult> predictions() {
        return predictions;
    }

    /** What it refused. */
    public List<Rejected> rejected() {
        return rejected;
    }

    @Override
    public void close() {
        order.close();
        harness.close();
    }
}
